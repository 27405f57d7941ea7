using System.Globalization;

namespace Orleans.Runtime;

/// <summary>The number of a view of the cluster's membership: a higher one is newer.</summary>
/// <param name="version">The number.</param>
public readonly struct MembershipVersion(long version) : IComparable<MembershipVersion>, IEquatable<MembershipVersion>
{
    /// <summary>The number.</summary>
    public long Value { get; init; } = version;

    /// <summary>Older than every real view.</summary>
    public static MembershipVersion MinValue => new(long.MinValue);

    /// <inheritdoc />
    public int CompareTo(MembershipVersion other)
    {
        return Value.CompareTo(other.Value);
    }

    /// <inheritdoc />
    public bool Equals(MembershipVersion other)
    {
        return Value == other.Value;
    }

    /// <inheritdoc />
    public override bool Equals(object? obj)
    {
        return obj is MembershipVersion other && Equals(other);
    }

    /// <inheritdoc />
    public override int GetHashCode()
    {
        return Value.GetHashCode();
    }

    /// <inheritdoc />
    public override string ToString()
    {
        return Value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Whether two versions are the same.</summary>
    public static bool operator ==(MembershipVersion left, MembershipVersion right)
    {
        return left.Value == right.Value;
    }

    /// <summary>Whether two versions differ.</summary>
    public static bool operator !=(MembershipVersion left, MembershipVersion right)
    {
        return left.Value != right.Value;
    }

    /// <summary>Whether the left version is at least as new.</summary>
    public static bool operator >=(MembershipVersion left, MembershipVersion right)
    {
        return left.Value >= right.Value;
    }

    /// <summary>Whether the left version is no newer.</summary>
    public static bool operator <=(MembershipVersion left, MembershipVersion right)
    {
        return left.Value <= right.Value;
    }

    /// <summary>Whether the left version is newer.</summary>
    public static bool operator >(MembershipVersion left, MembershipVersion right)
    {
        return left.Value > right.Value;
    }

    /// <summary>Whether the left version is older.</summary>
    public static bool operator <(MembershipVersion left, MembershipVersion right)
    {
        return left.Value < right.Value;
    }
}
