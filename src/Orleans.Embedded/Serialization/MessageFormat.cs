using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Filters;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Messaging;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Orleans.Embedded.Serialization;

/// <summary>Turns messages into bytes and back, for one silo.</summary>
internal sealed class MessageFormat(Serializer serializer, GrainManifestIndex manifest)
{
    private static readonly Codec<Dictionary<string, object>> Contexts =
        Codecs.Dictionary(Codecs.String, Codecs.Object);

    private static readonly Codec<MessageKind> Kinds = Codecs.Enum<MessageKind>();

    /// <summary>Writes a message; who asked for the writer disposes of it.</summary>
    /// <exception cref="SerializerException">It has a value that cannot be written.</exception>
    public WireWriter Write(Message message, MessageEnds ends)
    {
        var writer = new WireWriter(serializer);
        try
        {
            WriteHeaders(writer, message, ends);
            WriteBody(writer, message.Body);
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Reads what <see cref="Write"/> wrote. A request or answer whose values cannot be read is a message that says so.
    /// </summary>
    /// <exception cref="SerializerException">Not even the headers can be read.</exception>
    public Message Read(ReadOnlySpan<byte> bytes, MessageEnds ends)
    {
        var reader = new WireReader(bytes, serializer);
        var kind = default(MessageKind);
        var (id, forwardCount, hops, canBeCancelled) = (0L, 0, 0, false);
        var (sendingSilo, targetSilo) = (ends.From, ends.To);
        var targetGrain = default(GrainId);
        object? body = null;
        RequestValues? context = null;
        while (reader.TryReadField(out var number, out var type))
        {
            switch (number)
            {
                case 1:
                    kind = Kinds.ReadField(ref reader, type);
                    break;
                case 2:
                    id = Codecs.Int64.ReadField(ref reader, type);
                    break;
                case 3:
                    forwardCount = Codecs.Int32.ReadField(ref reader, type);
                    break;
                case 4:
                    hops = Codecs.Int32.ReadField(ref reader, type);
                    break;
                case 5:
                    canBeCancelled = Codecs.Boolean.ReadField(ref reader, type);
                    break;
                case 6:
                    sendingSilo = Codecs.SiloAddress.ReadField(ref reader, type);
                    break;
                case 7:
                    targetSilo = Codecs.SiloAddress.ReadField(ref reader, type);
                    break;
                case 8:
                    targetGrain = Codecs.GrainId.ReadField(ref reader, type);
                    break;
                case 9 when type == WireType.Block:
                    body = ReadRequest(reader.ReadBlock());
                    break;
                case 10 when type == WireType.Block:
                    body = new ReceivedResponse(reader.ReadBytes().ToArray(), serializer);
                    break;
                case 11:
                    body = Codecs.SiloAddress.ReadField(ref reader, type);
                    break;
                case 12:
                    context = new RequestValues(Contexts.ReadField(ref reader, type) ?? []);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        CheckBody(kind, body);
        return new Message
        {
            Kind = kind,
            Id = id,
            ForwardCount = forwardCount,
            Hops = hops,
            CanBeCancelled = canBeCancelled,
            SendingSilo = sendingSilo ?? ends.From,
            TargetSilo = targetSilo,
            TargetGrain = targetGrain,
            Context = context,
            Body = body,
        };
    }

    /// <summary>Writes the headers that are not what the reader takes them for when they are missing.</summary>
    private static void WriteHeaders(WireWriter writer, Message message, MessageEnds ends)
    {
        Kinds.WriteField(writer, 1, message.Kind);
        Codecs.Int64.WriteField(writer, 2, message.Id);
        if (message.ForwardCount != 0)
        {
            Codecs.Int32.WriteField(writer, 3, message.ForwardCount);
        }

        if (message.Hops != 0)
        {
            Codecs.Int32.WriteField(writer, 4, message.Hops);
        }

        if (message.CanBeCancelled)
        {
            Codecs.Boolean.WriteField(writer, 5, true);
        }

        if (!message.SendingSilo.Equals(ends.From))
        {
            Codecs.SiloAddress.WriteField(writer, 6, message.SendingSilo);
        }

        if (!ends.To.Equals(message.TargetSilo))
        {
            Codecs.SiloAddress.WriteField(writer, 7, message.TargetSilo!);
        }

        if (message.Kind != MessageKind.Response)
        {
            Codecs.GrainId.WriteField(writer, 8, message.TargetGrain);
        }

        if (message.Context is { } context)
        {
            Contexts.WriteField(writer, 12, context);
        }
    }

    private static void WriteBody(WireWriter writer, object? body)
    {
        switch (body)
        {
            case GrainRequest request:
                writer.WriteField(9, WireType.Block);
                var start = writer.BeginBlock();
                RequestFormat.Write(writer, request);
                writer.EndBlock(start);
                break;
            case Response response:
                writer.WriteField(10, WireType.Block);
                start = writer.BeginBlock();
                response.Write(writer);
                writer.EndBlock(start);
                break;
            case SiloAddress silo:
                Codecs.SiloAddress.WriteField(writer, 11, silo);
                break;
        }
    }

    private static void CheckBody(MessageKind kind, object? body)
    {
        var fits = kind switch
        {
            MessageKind.Request or MessageKind.OneWay => body is GrainRequest,
            MessageKind.Response => body is ReceivedResponse,
            MessageKind.Moved => body is SiloAddress,
            MessageKind.Cancel or MessageKind.Superseded => true,
            _ => false,
        };
        if (!fits)
        {
            throw new SerializerException($"A message of kind {kind} has not the body of one.");
        }
    }

    private GrainRequest ReadRequest(WireReader block)
    {
        try
        {
            return RequestFormat.Read(ref block, manifest);
        }
        catch (SerializerException error)
        {
            return new UnreadableRequest(error);
        }
    }
}
