using System.Text;
using BTTInferGrid.Compute;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using FluentAssertions;
using Google.Protobuf;
using Reason = BTTInferGrid.Link.V1.Goodbye.Types.Reason;

namespace BTTInferGrid.Grains.Tests.Links;

/// <summary>Nodes with a proved identity that do not keep to the protocol.</summary>
public sealed class HostileSessionTests(SharedLinkGrid shared) : IClassFixture<SharedLinkGrid>
{
    private const ulong NoJob = 1_000_000;

    private readonly LinkGrid _grid = shared.Grid;

    [Fact]
    public async Task Message_OutOfTurn_BreaksTheProtocol()
    {
        var messages = new Dictionary<string, Func<RawNode, byte[]>>
        {
            ["Hello"] = static node => new FromNode { Hello = node.Hello() }.ToByteArray(),
            ["Proof"] = static _ => new FromNode { Proof = new Proof() }.ToByteArray(),
            ["Tokens of no job"] = static _ => new FromNode { Tokens = new Tokens { Job = NoJob, Tokens_ = { 1 } } }.ToByteArray(),
            ["Tokens of job 0"] = static _ => new FromNode { Tokens = new Tokens { Tokens_ = { 1 } } }.ToByteArray(),
            ["Tokens of the last job"] = static _ => new FromNode { Tokens = new Tokens { Job = ulong.MaxValue, Tokens_ = { 1 } } }.ToByteArray(),
            ["Vectors of no job"] = static _ => new FromNode { Vectors = new Vectors { Job = NoJob } }.ToByteArray(),
            ["Result of no job"] = static _ => new FromNode { Result = new Result { Job = NoJob } }.ToByteArray(),
            ["Fault of no job"] = static _ => new FromNode { Fault = new Fault { Job = NoJob } }.ToByteArray(),
            ["garbage"] = static _ => Encoding.UTF8.GetBytes("GET / HTTP/1.1\r\n\r\n"),
            ["length beyond the end"] = static _ => [0x22, 0xff, 0xff, 0xff, 0xff, 0x07],
            ["number without end"] = static _ => [0x22, 0x0b, .. Enumerable.Repeat((byte)0xff, 11)],
            ["groups in groups"] = static _ => [.. Enumerable.Repeat<byte[]>([0xfb, 0x01], 100_000).SelectMany(static tag => tag)],
            ["oversize"] = static _ => new FromNode { Offer = new Offer { Model = new string('x', LinkProtocol.MaxMessageFromNode) } }.ToByteArray(),
        };

        foreach (var (what, message) in messages)
        {
            await using var welcome = await _grid.WelcomeAsync();
            await welcome.SendAsync(message(welcome));
            await welcome.ExpectGoodbyeAsync(Reason.BrokenProtocol, $"{what} before the offer");

            await using var joined = await _grid.JoinAsync();
            await joined.SendAsync(message(joined));
            await joined.ExpectGoodbyeAsync(Reason.BrokenProtocol, $"{what} after the offer");
            await _grid.WaitForEndOfSessionAsync(joined.Identity);
        }
    }

    [Fact]
    public async Task Status_BeforeOffer_BreaksTheProtocol()
    {
        await using var node = await _grid.WelcomeAsync();

        await node.SendAsync(new Status());

        await node.ExpectGoodbyeAsync(Reason.BrokenProtocol);
    }

    public static TheoryData<string, byte[]> UnknownMessages => new()
    {
        { "no kind", [] },
        { "unknown kind", [0xfa, 0x01, 0x00] },
        { "field of another type", [0xf8, 0x01, 0x01] },
        { "Status with unknown fields", [0x22, 0x03, 0xf8, 0x01, 0x01, 0x98, 0x06, 0x01] },
    };

    [Theory]
    [MemberData(nameof(UnknownMessages))]
    public async Task Message_ThatIsUnknown_IsIgnored(string what, byte[] message)
    {
        await using var node = await _grid.JoinAsync();

        await node.SendAsync(message);
        await node.PingAsync();

        _grid.Sessions.Find(node.Identity).Should().NotBeNull(what);
    }

    /// <summary>Messages of the greatest size that consist of the smallest parts, and how many bytes each byte of them may take as objects.</summary>
    public static TheoryData<string, byte[], int> MessagesOfSmallParts => new()
    {
        { "unknown fields", Fill(static writer =>
            {
                for (var number = 16; number < 200_000; number++)
                {
                    writer.WriteTag(number, WireFormat.WireType.Varint);
                    writer.WriteUInt32(1);
                }
            }), 8 },
        { "Tokens with empty log-probabilities", new FromNode { Tokens = new Tokens { LogProbs = { Enumerable.Repeat(new LogProbs(), 500_000) } } }.ToByteArray(), 90 },
        { "Vectors without values", new FromNode { Vectors = new Vectors { Vectors_ = { Enumerable.Repeat(new Vector(), 500_000) } } }.ToByteArray(), 60 },
    };

    [Theory]
    [MemberData(nameof(MessagesOfSmallParts))]
    public async Task Message_OfSmallParts_TakesMemoryInProportionToItsSize(string what, byte[] message, int bytesOfAByte)
    {
        await using var node = await _grid.JoinAsync();
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await node.SendAsync(message);
        await node.SendAsync(new FromNode { Hello = node.Hello() });
        await node.ExpectGoodbyeAsync(Reason.BrokenProtocol);

        message.Length.Should().BeInRange(LinkProtocol.MaxMessageFromNode / 2, LinkProtocol.MaxMessageFromNode);
        ((GC.GetTotalAllocatedBytes(precise: true) - before) / message.Length).Should().BeLessThan(bytesOfAByte, what);
    }

    public static TheoryData<string, Action<Offer>> Offers => new()
    {
        { "no model", static offer => offer.Model = "" },
        { "unknown model", static offer => offer.Model = "llama" },
        { "model with another case", static offer => offer.Model = offer.Model.ToUpperInvariant() },
        { "very long model", static offer => offer.Model = new string('x', 1_000_000) },
        { "no profile", static offer => offer.Profile = "" },
        { "another profile", static offer => offer.Profile = new string('0', 64) },
        { "no context", static offer => offer.ContextTokens = 0 },
        { "negative context", static offer => offer.ContextTokens = int.MinValue },
        { "no slots", static offer => offer.Slots = 0 },
        { "negative slots", static offer => offer.Slots = -1 },
        { "too many slots", static offer => offer.Slots = int.MaxValue },
        { "backend with a space", static offer => offer.Backend = "zen 4" },
        { "backend in two lines", static offer => offer.Backend = "zen4\nforged" },
        { "backend in another script", static offer => offer.Backend = "зен" },
        { "long backend", static offer => offer.Backend = new string('x', 65) },
        { "negative price of prompts", static offer => offer.PromptPrice = -1 },
        { "negative price of answers", static offer => offer.OutputPrice = long.MinValue },
        { "price that overflows", static offer => offer.OutputPrice = long.MaxValue },
    };

    [Theory]
    [MemberData(nameof(Offers))]
    public async Task Offer_ThatIsNotWanted_IsNotAdmitted(string what, Action<Offer> change)
    {
        await using var node = await _grid.WelcomeAsync();
        var offer = node.Offer();
        change(offer);

        await node.SendAsync(offer);

        await node.ExpectGoodbyeAsync(Reason.NotAdmitted, what);
        (await _grid.StandingOfAsync(node.Identity)).Should().BeNull("nothing of the offer is kept");
    }

    [Fact]
    public async Task Offer_AgainAndWorse_EndsTheSession()
    {
        await using var node = await _grid.JoinAsync();
        var offer = node.Offer();
        offer.Slots = 0;

        await node.SendAsync(offer);

        await node.ExpectGoodbyeAsync(Reason.NotAdmitted);
        await _grid.WaitForEndOfSessionAsync(node.Identity);
        (await _grid.StandingOfAsync(node.Identity))!.Offer.Slots.Should().Be(4);
    }

    [Fact]
    public async Task Status_WithImpossibleNumbers_CountsAsNone()
    {
        await using var node = await _grid.JoinAsync();

        await node.SendAsync(new Status { Running = -5, Waiting = int.MinValue, CacheTokens = -1, CacheTokensInUse = int.MaxValue });
        await node.NextAsync(ToNode.KindOneofCase.Alive);

        _grid.Sessions.Find(node.Identity)!.Status.Should().Be(new MinerStatus(0, 0, 0, int.MaxValue, false));
    }

    [Fact]
    public async Task Stream_EndsAfterOffer_TheMinerIsGone()
    {
        await using var node = await _grid.JoinAsync();

        await node.CompleteAsync();

        await _grid.WaitForEndOfSessionAsync(node.Identity);
    }

    private static byte[] Fill(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var writer = new CodedOutputStream(bytes, leaveOpen: true))
        {
            write(writer);
        }

        return bytes.ToArray();
    }
}
