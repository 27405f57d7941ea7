using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Serialization;
using Orleans.Serialization;

namespace Orleans.Embedded.Tests.Serialization;

public sealed class MessageFormatTests
{
    private static readonly SiloAddress Sender = SiloAddress.FromParsableString("127.0.0.1:1@1");
    private static readonly SiloAddress Receiver = SiloAddress.FromParsableString("127.0.0.1:2@2");
    private readonly GrainManifestIndex _manifest = GrainAssemblies.Load();
    private readonly MessageFormat _format;

    public MessageFormatTests()
    {
        _format = new MessageFormat(
            new Serializer(_manifest, new ServiceCollection().BuildServiceProvider()), _manifest);
    }

    [Fact]
    public void Request_WrittenAndRead_IsTheSame()
    {
        var read = Read(Write(Request("test.copy-grain", "Keep")));

        Assert.Equal(MessageKind.Request, read.Kind);
        Assert.Equal(77, read.Id);
        Assert.Equal((1, 2, true), (read.ForwardCount, read.Hops, read.CanBeCancelled));
        Assert.Equal((Sender, Receiver), (read.SendingSilo, read.TargetSilo));
        Assert.Equal("copy/1", read.TargetGrain.ToString());
        Assert.Equal("test.copy-grain.Keep", read.Request.Method.ToString());
    }

    [Fact]
    public void Request_OfAnUnknownMethod_SaysSo()
    {
        var bytes = Write(Request("test.copy-grain", "Keep"));
        bytes.AsSpan()[bytes.AsSpan().IndexOf("Keep"u8)] = (byte)'X';

        var unreadable = Assert.IsType<UnreadableRequest>(Read(bytes).Body);

        Assert.Contains("Xeep", unreadable.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DamagedMessages_FailTypedOrGiveAMessage()
    {
        var random = new Random(11);
        var good = Write(Request("test.copy-grain", "Keep"));
        for (var i = 0; i < 5_000; i++)
        {
            var bytes = good.AsSpan(0, i % 4 == 0 ? random.Next(good.Length) : good.Length).ToArray();
            for (var flips = random.Next(1, 4); flips > 0 && bytes.Length > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                Assert.NotNull(Read(bytes).SendingSilo);
            }
            catch (SerializerException)
            {
                // What a damaged message may do.
            }
        }
    }

    [Fact]
    public void Write_MessageBetweenTheEnds_NamesNeither()
    {
        var direct = Write(Request("test.copy-grain", "Keep"));
        var passedOn = Write(Request("test.copy-grain", "Keep"), new MessageEnds(Receiver, Sender));

        Assert.InRange(direct.Length, 1, passedOn.Length - 30);
        Assert.Equal(
            (Sender, Receiver), Parties(_format.Read(passedOn, new MessageEnds(Receiver, Sender))));
    }

    private static (SiloAddress, SiloAddress?) Parties(Message message)
    {
        return (message.SendingSilo, message.TargetSilo);
    }

    private byte[] Write(Message message, MessageEnds? ends = null)
    {
        using var writer = _format.Write(message, ends ?? new MessageEnds(Sender, Receiver));
        return writer.Written.ToArray();
    }

    private Message Read(byte[] bytes)
    {
        return _format.Read(bytes, new MessageEnds(Sender, Receiver));
    }

    private Message Request(string interfaceName, string methodName)
    {
        var request = _manifest.NewRequest(
            System.Text.Encoding.UTF8.GetBytes(interfaceName), System.Text.Encoding.UTF8.GetBytes(methodName))!;
        return new Message
        {
            Id = 77,
            Kind = MessageKind.Request,
            ForwardCount = 1,
            Hops = 2,
            CanBeCancelled = true,
            SendingSilo = Sender,
            TargetSilo = Receiver,
            TargetGrain = GrainId.Create("copy", "1"),
            Body = request,
        };
    }
}
