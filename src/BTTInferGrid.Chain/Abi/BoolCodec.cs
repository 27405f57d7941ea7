namespace BTTInferGrid.Chain.Abi;

/// <summary>True, 1, or false, 0.</summary>
internal sealed class BoolCodec : AbiCodec<bool>
{
    public override string Type => "bool";

    public override bool IsDynamic => false;

    internal override void Write(AbiWriter writer, bool value) => writer.HeadWord()[^1] = value ? (byte)1 : (byte)0;

    internal override bool Read(AbiReader reader)
    {
        var word = reader.HeadWord();
        return word[..^1].ContainsAnyExcept((byte)0) || word[^1] > 1
            ? throw new AbiException("A bool is neither 0 nor 1.")
            : word[^1] == 1;
    }
}
