namespace Orleans.Runtime;

/// <summary>Tells one activation of a grain from all others of the same grain.</summary>
/// <param name="key">The value.</param>
public readonly struct ActivationId(Guid key) : IEquatable<ActivationId>
{
    private readonly Guid _key = key;

    /// <summary>Whether no value is set.</summary>
    public bool IsDefault => _key == default;

    /// <summary>Makes a value that was never used before.</summary>
    public static ActivationId NewId()
    {
        return new ActivationId(Guid.NewGuid());
    }

    /// <summary>Reads what <see cref="ToParsableString"/> wrote.</summary>
    /// <param name="activationId">The text.</param>
    /// <exception cref="FormatException">The text is not an activation id.</exception>
    public static ActivationId FromParsableString(string activationId)
    {
        ArgumentNullException.ThrowIfNull(activationId);
        if (activationId.StartsWith('@') && Guid.TryParseExact(activationId.AsSpan(1), "N", out var key))
        {
            return new ActivationId(key);
        }

        throw new FormatException(
            $"'{activationId}' is not an activation id: it must be '@' and 32 hexadecimal digits.");
    }

    /// <summary>The value as '@' and 32 hexadecimal digits.</summary>
    public string ToParsableString()
    {
        return $"@{_key:N}";
    }

    /// <inheritdoc />
    public override string ToString()
    {
        return ToParsableString();
    }

    /// <inheritdoc />
    public override int GetHashCode()
    {
        return _key.GetHashCode();
    }

    /// <inheritdoc />
    public bool Equals(ActivationId other)
    {
        return _key.Equals(other._key);
    }

    /// <inheritdoc />
    public override bool Equals(object? obj)
    {
        return obj is ActivationId other && Equals(other);
    }

    /// <summary>Whether two ids name the same activation.</summary>
    public static bool operator ==(ActivationId left, ActivationId right)
    {
        return left.Equals(right);
    }

    /// <summary>Whether two ids name different activations.</summary>
    public static bool operator !=(ActivationId left, ActivationId right)
    {
        return !left.Equals(right);
    }
}
