namespace BTTInferGrid.Chain.Rlp;

/// <summary>
/// Reads items from bytes that anyone may have made: each item has one encoding and any other is refused, as are bytes
/// left over, and more than the bounds allow.
/// </summary>
internal static class RlpDecoder
{
    /// <summary>The most bytes read: what nodes take of one transaction.</summary>
    public const int MaxBytes = 128 * 1024;

    /// <summary>The most lists inside each other.</summary>
    public const int MaxDepth = 16;

    /// <exception cref="RlpException">
    /// The bytes are not one item in its canonical form, or exceed the bounds.
    /// </exception>
    public static RlpItem Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            throw new RlpException($"{bytes.Length} bytes are more than {MaxBytes}.");
        }

        var item = Read(ref bytes, 0);
        return bytes.IsEmpty ? item : throw new RlpException($"{bytes.Length} bytes are left over.");
    }

    private static RlpItem Read(ref ReadOnlyMemory<byte> bytes, int depth)
    {
        var first = Take(ref bytes, 1);
        var prefix = first.Span[0];
        if (prefix < RlpEncoder.BytesPrefix)
        {
            return new RlpItem(first);
        }

        if (prefix < RlpEncoder.ListPrefix)
        {
            var content = Take(ref bytes, ReadLength(ref bytes, prefix - RlpEncoder.BytesPrefix));
            return content.Length != 1 || content.Span[0] >= RlpEncoder.BytesPrefix
                ? new RlpItem(content)
                : throw new RlpException("a byte that stands for itself has a length.");
        }

        if (depth == MaxDepth)
        {
            throw new RlpException($"more than {MaxDepth} lists are inside each other.");
        }

        var rest = Take(ref bytes, ReadLength(ref bytes, prefix - RlpEncoder.ListPrefix));
        var items = new List<RlpItem>();
        while (!rest.IsEmpty)
        {
            items.Add(Read(ref rest, depth + 1));
        }

        return new RlpItem(items);
    }

    private static int ReadLength(ref ReadOnlyMemory<byte> bytes, int code)
    {
        if (code < RlpEncoder.LongLength)
        {
            return code;
        }

        var digits = Take(ref bytes, code - RlpEncoder.LongLength + 1).Span;
        if (digits[0] == 0 || digits.Length > sizeof(int))
        {
            throw new RlpException("a length has leading zeros, or more than 4 bytes.");
        }

        long length = 0;
        foreach (var digit in digits)
        {
            length = (length << 8) | digit;
        }

        return length is >= RlpEncoder.LongLength and <= MaxBytes
            ? (int)length
            : throw new RlpException($"a length of {length} is written as a long one, or is more than {MaxBytes}.");
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> bytes, int count)
    {
        if (count > bytes.Length)
        {
            throw new RlpException($"{bytes.Length} bytes are left where {count} should be.");
        }

        var taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }
}
