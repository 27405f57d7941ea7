using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Abi;

/// <summary>Whole words: hashes, most of the time.</summary>
internal sealed class Hash32Codec : AbiCodec<Hash32>
{
    public override string Type => "bytes32";

    public override bool IsDynamic => false;

    internal override void Write(AbiWriter writer, Hash32 value) => value.CopyTo(writer.HeadWord());

    internal override Hash32 Read(AbiReader reader) => new(reader.HeadWord());
}
