using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Serialization;

namespace Orleans.Embedded.Streaming;

/// <summary>Items of an enumeration, with what follows them.</summary>
internal sealed class StreamBatchCodec<T>(Codec<T> item) : Codec<StreamBatch<T>>
{
    private static readonly Codec<StreamState> States = Codecs.Enum<StreamState>();
    private readonly Codec<List<T>> _items = Codecs.List(item);

    internal override WireType WireType => WireType.Block;

    internal override bool IsImmutable { get; } = item.IsImmutable;

    internal override void Write(WireWriter writer, StreamBatch<T> value)
    {
        var start = writer.BeginBlock();
        States.WriteField(writer, 1, value.State);
        if (value.Items.Count > 0)
        {
            _items.WriteField(writer, 2, value.Items);
        }

        if (value.Error is not null)
        {
            Codecs.Exception.WriteField(writer, 3, value.Error);
        }

        writer.EndBlock(start);
    }

    internal override StreamBatch<T> Read(ref WireReader reader)
    {
        var block = reader.ReadBlock();
        var state = StreamState.Aborted;
        List<T>? items = null;
        Exception? error = null;
        while (block.TryReadField(out var number, out var type))
        {
            switch (number)
            {
                case 1:
                    state = States.ReadField(ref block, type);
                    break;
                case 2:
                    items = _items.ReadField(ref block, type);
                    break;
                case 3:
                    error = Codecs.Exception.ReadField(ref block, type);
                    break;
                default:
                    block.Skip(type);
                    break;
            }
        }

        if (state == StreamState.Failed)
        {
            error ??= new InvalidOperationException("The producer failed and did not say why.");
        }

        return new StreamBatch<T>(state, items ?? [], error);
    }

    internal override StreamBatch<T> CopyValue(StreamBatch<T> value, CopyScope scope)
    {
        return value with { Items = _items.Copy(value.Items, scope) };
    }
}
