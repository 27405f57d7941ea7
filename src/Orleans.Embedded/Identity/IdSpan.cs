using System.Text;
using Orleans.Embedded.Identity;

namespace Orleans.Runtime;

/// <summary>The bytes of a name or key, with their hash.</summary>
public readonly struct IdSpan : IEquatable<IdSpan>, IComparable<IdSpan>
{
    private readonly byte[]? _value;
    private readonly int _hashCode;

    /// <summary>Wraps bytes, which must not change afterwards.</summary>
    /// <param name="value">The bytes.</param>
    public IdSpan(byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _value = value;
        _hashCode = unchecked((int)StableHash.Compute(value));
    }

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Value => _value;

    /// <summary>Whether there are no bytes.</summary>
    public bool IsDefault => _value is null || _value.Length == 0;

    /// <summary>Makes the UTF-8 bytes of a text.</summary>
    /// <param name="id">The text.</param>
    public static IdSpan Create(string id)
    {
        return new IdSpan(Encoding.UTF8.GetBytes(id));
    }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> AsSpan()
    {
        return _value;
    }

    /// <summary>A hash that is the same in every process.</summary>
    public uint GetUniformHashCode()
    {
        return unchecked((uint)_hashCode);
    }

    /// <inheritdoc />
    public override int GetHashCode()
    {
        return _hashCode;
    }

    /// <inheritdoc />
    public bool Equals(IdSpan obj)
    {
        return ReferenceEquals(_value, obj._value)
            || (_hashCode == obj._hashCode && _value.AsSpan().SequenceEqual(obj._value));
    }

    /// <inheritdoc />
    public override bool Equals(object? obj)
    {
        return obj is IdSpan other && Equals(other);
    }

    /// <inheritdoc />
    public int CompareTo(IdSpan other)
    {
        return _value.AsSpan().SequenceCompareTo(other._value.AsSpan());
    }

    /// <summary>The bytes read as UTF-8.</summary>
    public override string ToString()
    {
        return _value is null ? string.Empty : Encoding.UTF8.GetString(_value);
    }

    /// <summary>Whether two values have the same bytes.</summary>
    public static bool operator ==(IdSpan left, IdSpan right)
    {
        return left.Equals(right);
    }

    /// <summary>Whether two values have different bytes.</summary>
    public static bool operator !=(IdSpan left, IdSpan right)
    {
        return !left.Equals(right);
    }
}
