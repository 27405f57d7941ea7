using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Abi;

/// <summary>Addresses, in the last 20 bytes of a word.</summary>
internal sealed class AddressCodec : AbiCodec<Address>
{
    private const int Padding = 12;

    public override string Type => "address";

    public override bool IsDynamic => false;

    internal override void Write(AbiWriter writer, Address value) => value.CopyTo(writer.HeadWord()[Padding..]);

    internal override Address Read(AbiReader reader)
    {
        var word = reader.HeadWord();
        return word[..Padding].ContainsAnyExcept((byte)0)
            ? throw new AbiException("An address is longer than 20 bytes.")
            : new Address(word[Padding..]);
    }
}
