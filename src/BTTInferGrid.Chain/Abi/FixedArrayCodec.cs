using System.Collections.Immutable;

namespace BTTInferGrid.Chain.Abi;

/// <summary>Arrays of a fixed length.</summary>
/// <typeparam name="T">What an element is here.</typeparam>
/// <param name="element">The elements' type.</param>
/// <param name="length">How many, 1 or more.</param>
internal sealed class FixedArrayCodec<T>(AbiCodec<T> element, int length) : AbiTupleCodec<ImmutableArray<T>>
{
    public override string Type { get; } = $"{element.Type}[{length}]";

    public override bool IsDynamic => element.IsDynamic;

    protected override int MemberHeadBytes => checked(element.HeadBytes * length);

    protected override void WriteMembers(AbiWriter writer, ImmutableArray<T> value)
    {
        if (value.Length != length)
        {
            throw new AbiException($"{value.Length} elements are not a {Type}.");
        }

        foreach (var one in value)
        {
            writer.Add(element, one);
        }
    }

    protected override ImmutableArray<T> ReadMembers(AbiReader reader)
    {
        var values = ImmutableArray.CreateBuilder<T>(length);
        for (var i = 0; i < length; i++)
        {
            values.Add(reader.Next(element));
        }

        return values.MoveToImmutable();
    }
}
