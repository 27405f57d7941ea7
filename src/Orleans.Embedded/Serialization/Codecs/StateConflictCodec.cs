using Orleans.Embedded.CodeGeneration;
using Orleans.Storage;

namespace Orleans.Embedded.Serialization;

/// <summary>A write that met a newer version, with both versions.</summary>
internal sealed class StateConflictCodec()
    : ExceptionCodec<InconsistentStateException>(typeof(InconsistentStateException).FullName!)
{
    public override void WriteMembers(WireWriter writer, InconsistentStateException value)
    {
        Codecs.String.WriteField(writer, 1, value.StoredEtag!);
        Codecs.String.WriteField(writer, 2, value.CurrentEtag!);
    }

    internal override InconsistentStateException ReadContent(ref WireReader block)
    {
        var head = ExceptionHead.Read(ref block);
        string? stored = null;
        string? current = null;
        while (block.TryReadField(out var number, out var type))
        {
            switch (number)
            {
                case 1:
                    stored = Codecs.String.ReadField(ref block, type);
                    break;
                case 2:
                    current = Codecs.String.ReadField(ref block, type);
                    break;
                default:
                    block.Skip(type);
                    break;
            }
        }

        var value = new InconsistentStateException(head.Message ?? string.Empty, stored, current, head.Inner);
        head.ApplyStackTo(value);
        return value;
    }
}
