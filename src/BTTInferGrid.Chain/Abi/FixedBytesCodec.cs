namespace BTTInferGrid.Chain.Abi;

/// <summary>Bytes of a fixed number, at the front of a word.</summary>
/// <param name="length">1 to 31.</param>
internal sealed class FixedBytesCodec(int length) : AbiCodec<byte[]>
{
    public override string Type { get; } = $"bytes{length}";

    public override bool IsDynamic => false;

    internal override void Write(AbiWriter writer, byte[] value)
    {
        if (value.Length != length)
        {
            throw new AbiException($"{value.Length} bytes are not a {Type}.");
        }

        value.CopyTo(writer.HeadWord());
    }

    internal override byte[] Read(AbiReader reader)
    {
        var word = reader.HeadWord();
        return word[length..].ContainsAnyExcept((byte)0)
            ? throw new AbiException($"The padding of a {Type} is not zero.")
            : word[..length].ToArray();
    }
}
