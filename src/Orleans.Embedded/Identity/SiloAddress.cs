using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;
using Orleans.Embedded.Identity;

namespace Orleans.Runtime;

/// <summary>
/// The identity of one run of a silo: its endpoint and a generation, written <c>ip:port@generation</c>. A silo that
/// restarts on the same endpoint is a new silo with a higher generation.
/// </summary>
public sealed class SiloAddress : IEquatable<SiloAddress>, IComparable<SiloAddress>
{
    private static int _lastGeneration;
    private readonly int _hashCode;

    private SiloAddress(IPEndPoint endpoint, int generation)
    {
        Endpoint = endpoint;
        Generation = generation;
        _hashCode = unchecked((int)StableHash.Compute(Encoding.UTF8.GetBytes(ToParsableString())));
    }

    /// <summary>Where the silo listens.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>Tells one run of the silo from another; negative for clients.</summary>
    public int Generation { get; }

    /// <summary>Whether this is the address of a client, which hosts no grains.</summary>
    public bool IsClient => Generation < 0;

    /// <summary>Makes an address.</summary>
    /// <param name="ep">Where the silo listens.</param>
    /// <param name="gen">The generation.</param>
    public static SiloAddress New(IPEndPoint ep, int gen)
    {
        ArgumentNullException.ThrowIfNull(ep);
        return new SiloAddress(ep, gen);
    }

    /// <summary>Makes an address.</summary>
    /// <param name="address">The IP address.</param>
    /// <param name="port">The port.</param>
    /// <param name="generation">The generation.</param>
    public static SiloAddress New(IPAddress address, int port, int generation)
    {
        return new SiloAddress(new IPEndPoint(address, port), generation);
    }

    /// <summary>Makes a generation higher than any this machine made before: seconds since 2010, made unique.</summary>
    public static int AllocateNewGeneration()
    {
        var epoch = new DateTimeOffset(2010, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var seconds = (int)(TimeProvider.System.GetUtcNow() - epoch).TotalSeconds;
        while (true)
        {
            var last = Volatile.Read(ref _lastGeneration);
            var next = Math.Max(seconds, last + 1);
            if (Interlocked.CompareExchange(ref _lastGeneration, next, last) == last)
            {
                return next;
            }
        }
    }

    /// <summary>Reads what <see cref="ToParsableString"/> wrote.</summary>
    /// <param name="addr">The text.</param>
    /// <exception cref="FormatException">The text is not <c>ip:port@generation</c>.</exception>
    public static SiloAddress FromParsableString(string addr)
    {
        return TryParse(addr, out var result)
            ? result
            : throw new FormatException($"'{addr}' is not a silo address: it must be 'ip:port@generation'.");
    }

    /// <summary>Reads what <see cref="ToParsableString"/> wrote, if it is well formed.</summary>
    /// <param name="value">The text.</param>
    /// <param name="result">The address, or null.</param>
    public static bool TryParse([NotNullWhen(true)] string? value, [NotNullWhen(true)] out SiloAddress? result)
    {
        result = null;
        var at = value?.LastIndexOf('@') ?? -1;
        if (at > 0
            && int.TryParse(
                value.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var gen)
            && IPEndPoint.TryParse(value.AsSpan(0, at), out var endpoint))
        {
            result = new SiloAddress(endpoint, gen);
        }

        return result is not null;
    }

    /// <summary>The address as <c>ip:port@generation</c>.</summary>
    public string ToParsableString()
    {
        return string.Create(CultureInfo.InvariantCulture, $"{Endpoint}@{Generation}");
    }

    /// <inheritdoc />
    public override string ToString()
    {
        return ToParsableString();
    }

    /// <summary>A hash that is the same in every process.</summary>
    public int GetConsistentHashCode()
    {
        return _hashCode;
    }

    /// <inheritdoc />
    public override int GetHashCode()
    {
        return _hashCode;
    }

    /// <inheritdoc />
    public bool Equals([NotNullWhen(true)] SiloAddress? other)
    {
        return ReferenceEquals(this, other)
            || (other is not null && Generation == other.Generation && Endpoint.Equals(other.Endpoint));
    }

    /// <inheritdoc />
    public override bool Equals(object? obj)
    {
        return Equals(obj as SiloAddress);
    }

    /// <summary>Whether this is a later run of the silo on the same endpoint.</summary>
    /// <param name="other">The run compared with.</param>
    public bool IsSuccessorOf(SiloAddress other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Endpoint.Equals(other.Endpoint) && other.Generation > 0 && Generation > other.Generation;
    }

    /// <summary>Whether this is an earlier run of the silo on the same endpoint.</summary>
    /// <param name="other">The run compared with.</param>
    public bool IsPredecessorOf(SiloAddress other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.IsSuccessorOf(this);
    }

    /// <inheritdoc />
    public int CompareTo(SiloAddress? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byGeneration = Generation.CompareTo(other.Generation);
        return byGeneration != 0
            ? byGeneration
            : string.CompareOrdinal(Endpoint.ToString(), other.Endpoint.ToString());
    }
}
