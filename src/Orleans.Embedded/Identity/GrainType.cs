namespace Orleans.Runtime;

/// <summary>The name of a kind of grain.</summary>
/// <param name="id">The bytes of the name.</param>
public readonly struct GrainType(IdSpan id) : IEquatable<GrainType>, IComparable<GrainType>
{
    /// <summary>The bytes of the name.</summary>
    public IdSpan Value { get; } = id;

    /// <summary>Whether there is no name.</summary>
    public bool IsDefault => Value.IsDefault;

    /// <summary>Makes a grain type from its name.</summary>
    /// <param name="value">The name.</param>
    public static GrainType Create(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        return new GrainType(IdSpan.Create(value));
    }

    /// <summary>A hash that is the same in every process.</summary>
    public uint GetUniformHashCode()
    {
        return Value.GetUniformHashCode();
    }

    /// <inheritdoc />
    public override int GetHashCode()
    {
        return Value.GetHashCode();
    }

    /// <inheritdoc />
    public bool Equals(GrainType obj)
    {
        return Value.Equals(obj.Value);
    }

    /// <inheritdoc />
    public override bool Equals(object? obj)
    {
        return obj is GrainType other && Equals(other);
    }

    /// <inheritdoc />
    public int CompareTo(GrainType other)
    {
        return Value.CompareTo(other.Value);
    }

    /// <summary>The name.</summary>
    public override string ToString()
    {
        return Value.ToString();
    }

    /// <summary>Whether two types have the same name.</summary>
    public static bool operator ==(GrainType left, GrainType right)
    {
        return left.Equals(right);
    }

    /// <summary>Whether two types have different names.</summary>
    public static bool operator !=(GrainType left, GrainType right)
    {
        return !left.Equals(right);
    }
}
