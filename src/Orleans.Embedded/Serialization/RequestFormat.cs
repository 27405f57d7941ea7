using System.Text;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Streaming;
using Orleans.Serialization;

namespace Orleans.Embedded.Serialization;

/// <summary>What a request is for.</summary>
internal enum RequestKind : byte
{
    /// <summary>A method is called.</summary>
    Call,

    /// <summary>A method is called that returns a sequence, and its first items are wanted.</summary>
    FirstPull,

    /// <summary>The next items are wanted.</summary>
    NextPull,

    /// <summary>No more items are wanted.</summary>
    Stop,
}

/// <summary>A request as it crosses.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Call">The method and its arguments; null if the enumeration says it all.</param>
/// <param name="StreamId">The enumeration, if it is about one.</param>
/// <param name="MaxBatchSize">How many items are wanted at most.</param>
internal readonly record struct RequestParts(
    RequestKind Kind, GrainRequest? Call, Guid StreamId = default, int MaxBatchSize = 0);

/// <summary>Writes requests, and reads those whose method the manifest has.</summary>
internal static class RequestFormat
{
    public static void Write(WireWriter writer, GrainRequest request)
    {
        var parts = request.Parts;
        Codecs.Byte.WriteField(writer, 1, (byte)parts.Kind);
        if (parts.Call is { } call)
        {
            Codecs.String.WriteField(writer, 2, call.Method.InterfaceName);
            Codecs.String.WriteField(writer, 3, call.Method.MethodName);
        }

        if (parts.Kind != RequestKind.Call)
        {
            Codecs.Guid.WriteField(writer, 4, parts.StreamId);
            Codecs.Int32.WriteField(writer, 5, parts.MaxBatchSize);
        }

        if (parts.Kind is RequestKind.Call or RequestKind.FirstPull)
        {
            writer.WriteField(6, WireType.Block);
            var start = writer.BeginBlock();
            parts.Call!.WriteArguments(writer);
            writer.EndBlock(start);
        }
    }

    public static GrainRequest Read(ref WireReader reader, GrainManifestIndex manifest)
    {
        var kind = RequestKind.Call;
        ReadOnlySpan<byte> interfaceName = default;
        ReadOnlySpan<byte> methodName = default;
        var streamId = Guid.Empty;
        var maxBatchSize = 0;
        var arguments = default(WireReader);
        while (reader.TryReadField(out var number, out var type))
        {
            switch (number)
            {
                case 1:
                    kind = (RequestKind)Codecs.Byte.ReadField(ref reader, type);
                    break;
                case 2 when type == WireType.Block:
                    interfaceName = reader.ReadBytes();
                    break;
                case 3 when type == WireType.Block:
                    methodName = reader.ReadBytes();
                    break;
                case 4:
                    streamId = Codecs.Guid.ReadField(ref reader, type);
                    break;
                case 5:
                    maxBatchSize = Codecs.Int32.ReadField(ref reader, type);
                    break;
                case 6 when type == WireType.Block:
                    arguments = reader.ReadBlock();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        if (kind == RequestKind.Stop)
        {
            return new StopRequest(streamId);
        }

        var call = manifest.NewRequest(interfaceName, methodName) ?? throw new SerializerException(
            $"Method '{Encoding.UTF8.GetString(methodName)}' of grain interface "
            + $"'{Encoding.UTF8.GetString(interfaceName)}' is not known here. The request was not executed.");
        call.ReadArguments(ref arguments);
        return kind switch
        {
            RequestKind.Call => call,
            RequestKind.FirstPull or RequestKind.NextPull when maxBatchSize > 0 =>
                call.Pull(streamId, kind == RequestKind.FirstPull, maxBatchSize),
            _ => throw new SerializerException($"A request of kind {kind} for {maxBatchSize} items makes no sense."),
        };
    }
}
