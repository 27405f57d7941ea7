namespace BTTInferGrid.Chain.Primitives;

/// <summary>A hash of a block or a transaction, or a topic of a log: 32 bytes.</summary>
public readonly record struct Hash32
{
    private const int Bytes = 32;

    private readonly string? _text;

    private Hash32(string text)
    {
        _text = text;
    }

    /// <summary>Reads <c>0x</c> and 64 hex digits.</summary>
    /// <param name="text">The hash.</param>
    /// <exception cref="FormatException">The text is not a hash.</exception>
    public static Hash32 Parse(string text)
    {
        return new Hash32(
            HexText.Canonical(text, Bytes) ?? throw new FormatException("A hash is 0x and 64 hex digits."));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        return _text ?? "0x" + new string('0', 2 * Bytes);
    }
}
