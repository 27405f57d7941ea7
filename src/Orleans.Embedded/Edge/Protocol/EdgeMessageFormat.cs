using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Serialization;
using Orleans.Serialization;

namespace Orleans.Embedded.Edge;

/// <summary>Turns messages between an edge silo and its gateway into bytes and back.</summary>
internal sealed class EdgeMessageFormat(Serializer serializer, GrainManifestIndex manifest)
{
    private static readonly Codec<List<string>> Names = Codecs.List(Codecs.String);
    private static readonly Codec<EdgeMessageKind> Kinds = Codecs.Enum<EdgeMessageKind>();

    public Serializer Serializer => serializer;

    /// <exception cref="SerializerException">It has a value that cannot be written.</exception>
    public static void Write(WireWriter writer, in EdgeMessage message)
    {
        Kinds.WriteField(writer, 1, message.Kind);
        Codecs.Int64.WriteField(writer, 2, message.Id);
        Codecs.Boolean.WriteField(writer, 3, message.CanBeCancelled);
        if (!message.Grain.IsDefault)
        {
            Codecs.GrainId.WriteField(writer, 4, message.Grain);
        }

        switch (message.Body)
        {
            case GrainRequest request:
                writer.WriteField(5, WireType.Block);
                var start = writer.BeginBlock();
                RequestFormat.Write(writer, request);
                writer.EndBlock(start);
                break;
            case Response response:
                writer.WriteField(6, WireType.Block);
                start = writer.BeginBlock();
                response.Write(writer);
                writer.EndBlock(start);
                break;
            case List<string> names:
                Names.WriteField(writer, 7, names);
                break;
        }
    }

    /// <summary>Reads a message. A request whose values cannot be read is one that says so.</summary>
    /// <exception cref="SerializerException">It is no such message.</exception>
    public EdgeMessage Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes, serializer);
        var message = default(EdgeMessage);
        while (reader.TryReadField(out var number, out var type))
        {
            switch (number)
            {
                case 1:
                    message = message with { Kind = Kinds.ReadField(ref reader, type) };
                    break;
                case 2:
                    message = message with { Id = Codecs.Int64.ReadField(ref reader, type) };
                    break;
                case 3:
                    message = message with { CanBeCancelled = Codecs.Boolean.ReadField(ref reader, type) };
                    break;
                case 4:
                    message = message with { Grain = Codecs.GrainId.ReadField(ref reader, type) };
                    break;
                case 5 when type == WireType.Block:
                    message = message with { Body = ReadRequest(reader.ReadBlock()) };
                    break;
                case 6 when type == WireType.Block:
                    message = message with { Body = new ReceivedResponse(reader.ReadBytes().ToArray(), serializer) };
                    break;
                case 7:
                    message = message with { Body = Names.ReadField(ref reader, type) };
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        var fits = message.Kind switch
        {
            EdgeMessageKind.Announce => message.Body is List<string> names && !names.Contains(null!),
            EdgeMessageKind.Request or EdgeMessageKind.OneWay => message.Body is GrainRequest,
            EdgeMessageKind.Response => message.Body is ReceivedResponse,
            EdgeMessageKind.Admitted or EdgeMessageKind.Leaving or EdgeMessageKind.Cancel => message.Body is null,
            _ => false,
        };
        return fits ? message : throw new SerializerException($"A message of kind {message.Kind} has not the body of one.");
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
