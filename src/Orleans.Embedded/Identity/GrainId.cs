using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>The identity of a grain: its type and its key, written <c>type/key</c>.</summary>
/// <param name="type">The type of the grain.</param>
/// <param name="key">The key of the grain.</param>
public readonly struct GrainId(GrainType type, IdSpan key)
    : IEquatable<GrainId>, IComparable<GrainId>, ISpanFormattable, ISpanParsable<GrainId>
{
    /// <summary>The type of the grain.</summary>
    public GrainType Type { get; } = type;

    /// <summary>The key of the grain.</summary>
    public IdSpan Key { get; } = key;

    /// <summary>Whether neither type nor key is set.</summary>
    public bool IsDefault => Type.IsDefault && Key.IsDefault;

    /// <summary>Makes an id from the names of type and key.</summary>
    /// <param name="type">The type's name.</param>
    /// <param name="key">The key.</param>
    public static GrainId Create(string type, string key)
    {
        return Create(GrainType.Create(type), key);
    }

    /// <summary>Makes an id from a type and a key.</summary>
    /// <param name="type">The type.</param>
    /// <param name="key">The key, not blank.</param>
    public static GrainId Create(GrainType type, string key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        return new GrainId(type, IdSpan.Create(key));
    }

    /// <summary>Makes an id from a type and a key.</summary>
    /// <param name="type">The type.</param>
    /// <param name="key">The key.</param>
    public static GrainId Create(GrainType type, IdSpan key)
    {
        return new GrainId(type, key);
    }

    /// <summary>Reads what <see cref="ToString()"/> wrote.</summary>
    /// <param name="value">The text.</param>
    /// <param name="provider">Not used.</param>
    /// <exception cref="ArgumentException">The text is not <c>type/key</c>.</exception>
    public static GrainId Parse(ReadOnlySpan<char> value, IFormatProvider? provider = null)
    {
        return TryParse(value, provider, out var result)
            ? result
            : throw new ArgumentException($"'{value}' is not a grain id: it must be 'type/key'.");
    }

    /// <summary>Reads what <see cref="ToString()"/> wrote, if it is well formed.</summary>
    /// <param name="value">The text.</param>
    /// <param name="provider">Not used.</param>
    /// <param name="result">The id, or the default value.</param>
    public static bool TryParse(ReadOnlySpan<char> value, IFormatProvider? provider, out GrainId result)
    {
        var slash = value.IndexOf('/');
        if (slash <= 0 || slash == value.Length - 1)
        {
            result = default;
            return false;
        }

        result = Create(value[..slash].ToString(), value[(slash + 1)..].ToString());
        return true;
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider)" />
    public static GrainId Parse(string value)
    {
        return Parse(value.AsSpan());
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider)" />
    public static GrainId Parse(string value, IFormatProvider? provider = null)
    {
        return Parse(value.AsSpan(), provider);
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider, out GrainId)" />
    public static bool TryParse(string? value, out GrainId result)
    {
        return TryParse(value.AsSpan(), null, out result);
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider, out GrainId)" />
    public static bool TryParse([NotNullWhen(true)] string? value, IFormatProvider? provider, out GrainId result)
    {
        return TryParse(value.AsSpan(), provider, out result);
    }

    /// <summary>A hash that is the same in every process.</summary>
    public uint GetUniformHashCode()
    {
        return unchecked((Type.GetUniformHashCode() * 31) + Key.GetUniformHashCode());
    }

    /// <inheritdoc />
    public override int GetHashCode()
    {
        return unchecked((int)GetUniformHashCode());
    }

    /// <inheritdoc />
    public bool Equals(GrainId other)
    {
        return Key.Equals(other.Key) && Type.Equals(other.Type);
    }

    /// <inheritdoc />
    public override bool Equals(object? obj)
    {
        return obj is GrainId other && Equals(other);
    }

    /// <inheritdoc />
    public int CompareTo(GrainId other)
    {
        var byType = Type.CompareTo(other.Type);
        return byType != 0 ? byType : Key.CompareTo(other.Key);
    }

    /// <summary>The id as <c>type/key</c>.</summary>
    public override string ToString()
    {
        return $"{Type}/{Key}";
    }

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider)
    {
        return ToString();
    }

    bool ISpanFormattable.TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        return destination.TryWrite($"{Type}/{Key}", out charsWritten);
    }

    /// <summary>Whether two ids name the same grain.</summary>
    public static bool operator ==(GrainId left, GrainId right)
    {
        return left.Equals(right);
    }

    /// <summary>Whether two ids name different grains.</summary>
    public static bool operator !=(GrainId left, GrainId right)
    {
        return !left.Equals(right);
    }
}
