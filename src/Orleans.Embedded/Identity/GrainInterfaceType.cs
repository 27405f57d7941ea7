namespace Orleans.Runtime;

/// <summary>The name of a grain interface.</summary>
/// <param name="value">The bytes of the name.</param>
public readonly struct GrainInterfaceType(IdSpan value) : IEquatable<GrainInterfaceType>
{
    /// <summary>Makes an interface type from its name.</summary>
    /// <param name="value">The name.</param>
    public GrainInterfaceType(string value)
        : this(IdSpan.Create(value))
    {
    }

    /// <summary>The bytes of the name.</summary>
    public IdSpan Value { get; } = value;

    /// <summary>Whether there is no name.</summary>
    public bool IsDefault => Value.IsDefault;

    /// <summary>Makes an interface type from its name.</summary>
    /// <param name="value">The name.</param>
    public static GrainInterfaceType Create(string value)
    {
        return new GrainInterfaceType(value);
    }

    /// <inheritdoc />
    public override int GetHashCode()
    {
        return Value.GetHashCode();
    }

    /// <inheritdoc />
    public bool Equals(GrainInterfaceType other)
    {
        return Value.Equals(other.Value);
    }

    /// <inheritdoc />
    public override bool Equals(object? obj)
    {
        return obj is GrainInterfaceType other && Equals(other);
    }

    /// <summary>The name.</summary>
    public override string ToString()
    {
        return Value.ToString();
    }

    /// <summary>Whether two types have the same name.</summary>
    public static bool operator ==(GrainInterfaceType left, GrainInterfaceType right)
    {
        return left.Equals(right);
    }

    /// <summary>Whether two types have different names.</summary>
    public static bool operator !=(GrainInterfaceType left, GrainInterfaceType right)
    {
        return !left.Equals(right);
    }
}
