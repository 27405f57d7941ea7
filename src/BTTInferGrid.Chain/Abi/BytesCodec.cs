namespace BTTInferGrid.Chain.Abi;

/// <summary>Bytes of any number.</summary>
internal sealed class BytesCodec : AbiCodec<byte[]>
{
    public override string Type => "bytes";

    public override bool IsDynamic => true;

    internal override void Write(AbiWriter writer, byte[] value)
    {
        writer.AppendCount(value.Length);
        value.CopyTo(writer.AppendPadded(value.Length));
    }

    internal override byte[] Read(AbiReader reader) => reader.TakePadded(reader.TakeCount(reader.Left)).ToArray();
}
