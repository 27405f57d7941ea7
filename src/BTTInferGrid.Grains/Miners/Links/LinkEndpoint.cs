using BTTInferGrid.Link.V1;
using Google.Protobuf;
using Grpc.Core;

namespace BTTInferGrid.Grains.Miners.Links;

/// <summary>
/// The base of <see cref="LinkService"/>, in place of the generated one. It does not keep the fields of a message that this
/// side does not know: they are of no use here, and as objects they take fifty times the room that they have in the message.
/// </summary>
[BindServiceMethod(typeof(LinkEndpoint), nameof(BindService))]
internal abstract class LinkEndpoint
{
    private static readonly MessageParser<FromNode> Reader = FromNode.Parser.WithDiscardUnknownFields(true);

    private static readonly Method<FromNode, ToNode> Method = new(
        MethodType.DuplexStreaming,
        Link.V1.Link.Descriptor.FullName,
        nameof(Connect),
        Marshallers.Create<FromNode>(Write, static context => Reader.ParseFrom(context.PayloadAsReadOnlySequence())),
        Marshallers.Create<ToNode>(Write, static context => ToNode.Parser.ParseFrom(context.PayloadAsReadOnlySequence())));

    /// <summary>Called by gRPC when it maps the service; <paramref name="service"/> is null then.</summary>
    public static void BindService(ServiceBinderBase binder, LinkEndpoint? service) =>
        binder.AddMethod(Method, service is null ? null : new DuplexStreamingServerMethod<FromNode, ToNode>(service.Connect));

    /// <summary>Serves one session of one node.</summary>
    /// <param name="requestStream">Messages of the node.</param>
    /// <param name="responseStream">Messages to the node.</param>
    /// <param name="context">The call.</param>
    public abstract Task Connect(
        IAsyncStreamReader<FromNode> requestStream, IServerStreamWriter<ToNode> responseStream, ServerCallContext context);

    private static void Write<T>(T message, SerializationContext context)
        where T : IBufferMessage
    {
        context.SetPayloadLength(message.CalculateSize());
        message.WriteTo(context.GetBufferWriter());
        context.Complete();
    }
}
