namespace BTTInferGrid.Chain.Primitives;

/// <summary>The address of an account or a contract: 20 bytes.</summary>
public readonly record struct Address
{
    private const int Bytes = 20;

    private readonly string? _text;

    private Address(string text)
    {
        _text = text;
    }

    /// <summary>Reads <c>0x</c> and 40 hex digits.</summary>
    /// <param name="text">The address.</param>
    /// <exception cref="FormatException">The text is not an address.</exception>
    public static Address Parse(string text)
    {
        return new Address(
            HexText.Canonical(text, Bytes) ?? throw new FormatException("An address is 0x and 40 hex digits."));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        return _text ?? "0x" + new string('0', 2 * Bytes);
    }
}
