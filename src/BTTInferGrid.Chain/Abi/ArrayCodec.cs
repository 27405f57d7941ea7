using System.Collections.Immutable;

namespace BTTInferGrid.Chain.Abi;

/// <summary>Arrays of any length.</summary>
/// <typeparam name="T">What an element is here.</typeparam>
/// <param name="element">The elements' type.</param>
internal sealed class ArrayCodec<T>(AbiCodec<T> element) : AbiCodec<ImmutableArray<T>>
{
    public override string Type { get; } = $"{element.Type}[]";

    public override bool IsDynamic => true;

    internal override void Write(AbiWriter writer, ImmutableArray<T> value)
    {
        writer.AppendCount(value.Length);
        var outer = writer.Begin(checked(value.Length * element.HeadBytes));
        foreach (var one in value)
        {
            writer.Add(element, one);
        }

        writer.End(outer);
    }

    internal override ImmutableArray<T> Read(AbiReader reader)
    {
        // Room for the heads is all that is taken on the word of the count.
        var count = reader.TakeCount(reader.Left / element.HeadBytes);
        var values = ImmutableArray.CreateBuilder<T>(count);
        var outer = reader.Begin(count * element.HeadBytes);
        for (var i = 0; i < count; i++)
        {
            values.Add(reader.Next(element));
        }

        reader.End(outer);
        return values.MoveToImmutable();
    }
}
