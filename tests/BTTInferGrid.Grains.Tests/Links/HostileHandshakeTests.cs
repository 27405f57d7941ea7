using System.Security.Cryptography;
using System.Text;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using FluentAssertions;
using Google.Protobuf;
using Metadata = Grpc.Core.Metadata;
using Reason = BTTInferGrid.Link.V1.Goodbye.Types.Reason;

namespace BTTInferGrid.Grains.Tests.Links;

/// <summary>Nodes that do not prove who they are, or not as the protocol has it.</summary>
public sealed class HostileHandshakeTests(SharedLinkGrid shared) : IClassFixture<SharedLinkGrid>
{
    private readonly LinkGrid _grid = shared.Grid;

    [Fact]
    public async Task Connect_FromAWebPage_IsNotAdmitted()
    {
        await using var page = _grid.Dial(headers: new Metadata { { "origin", "https://evil.example" } });

        await page.ExpectGoodbyeAsync(Reason.NotAdmitted, "an origin");
    }

    [Fact]
    public async Task Proof_ThatDoesNotHold_IsNotAuthenticated()
    {
        using var victim = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var earlier = _grid.Dial(victim);
        var earlierChallenge = await earlier.HelloAsync();
        var replayed = earlier.Prove(earlierChallenge);
        var proofs = new Dictionary<string, Func<RawNode, LinkChallenge, Proof>>
        {
            ["replayed"] = (_, _) => replayed,
            ["by the key of another"] = (node, challenge) => new Proof(node.Prove(challenge))
            {
                PublicKey = ByteString.CopyFrom(victim.ExportSubjectPublicKeyInfo()),
            },
            ["for another grid"] = static (node, challenge) => node.Prove(challenge with { Grid = "another" }),
            ["for another front"] = static (node, challenge) => node.Prove(challenge with { Audience = "localhost" }),
            ["for another role"] = static (node, challenge) => node.Prove(challenge with { Role = "validator" }),
            ["for longer"] = static (node, challenge) => node.Prove(challenge with { Expires = challenge.Expires + 3600 }),
            ["nonces swapped"] = static (node, challenge) =>
                node.Prove(challenge with { NodeNonce = challenge.GridNonce, GridNonce = challenge.NodeNonce }),
            ["unknown scheme"] = static (node, challenge) => new Proof(node.Prove(challenge)) { Scheme = "none" },
            ["scheme in capitals"] = static (node, challenge) => new Proof(node.Prove(challenge)) { Scheme = "P256" },
            ["empty"] = static (_, _) => new Proof(),
            ["no signature"] = static (node, challenge) => new Proof(node.Prove(challenge)) { Signature = ByteString.Empty },
            ["no key"] = static (node, challenge) => new Proof(node.Prove(challenge)) { PublicKey = ByteString.Empty },
            ["zeros"] = static (node, challenge) => new Proof(node.Prove(challenge))
            {
                PublicKey = ByteString.CopyFrom(new byte[91]),
                Signature = ByteString.CopyFrom(new byte[72]),
            },
            ["point not on the curve"] = static (node, challenge) => new Proof(node.Prove(challenge))
            {
                PublicKey = ByteString.CopyFrom([.. node.PublicKey.Span[..90], (byte)(node.PublicKey.Span[90] ^ 1)]),
            },
            ["very long"] = static (node, challenge) => new Proof(node.Prove(challenge))
            {
                PublicKey = ByteString.CopyFrom(new byte[900_000]),
            },
        };

        foreach (var (what, proof) in proofs)
        {
            await using var node = _grid.Dial();
            await node.SendAsync(proof(node, await node.HelloAsync()));
            await node.ExpectGoodbyeAsync(Reason.NotAuthenticated, what);
        }
    }

    [Fact]
    public async Task Hello_ThatIsNotWanted_IsRefusedWithTheReason()
    {
        var hellos = new (string What, Reason Reason, Action<Hello> Change)[]
        {
            ("version 0", Reason.Outdated, static hello => hello.Version = 0),
            ("unknown role", Reason.NotAdmitted, static hello => hello.Role = "validator"),
            ("no role", Reason.NotAdmitted, static hello => hello.Role = ""),
            ("no nonce", Reason.BrokenProtocol, static hello => hello.Nonce = ByteString.Empty),
            ("short nonce", Reason.BrokenProtocol, static hello => hello.Nonce = ByteString.CopyFrom(new byte[31])),
            ("long nonce", Reason.BrokenProtocol, static hello => hello.Nonce = ByteString.CopyFrom(new byte[33])),
            ("very long nonce", Reason.BrokenProtocol, static hello => hello.Nonce = ByteString.CopyFrom(new byte[900_000])),
            ("long software", Reason.BrokenProtocol, static hello => hello.Software = new string('x', 65)),
            ("another front", Reason.NotAuthenticated, static hello => hello.Audience = "front.example"),
            ("no front", Reason.NotAuthenticated, static hello => hello.Audience = ""),
            ("front in two lines", Reason.NotAuthenticated, static hello => hello.Audience = "127.0.0.1\nrole: validator"),
            ("front with its port", Reason.NotAuthenticated, static hello => hello.Audience = "127.0.0.1:80"),
            ("very long front", Reason.NotAuthenticated, static hello => hello.Audience = new string('1', 900_000)),
        };

        foreach (var (what, reason, change) in hellos)
        {
            await using var node = _grid.Dial();
            var hello = node.Hello();
            change(hello);
            await node.SendAsync(hello);
            await node.ExpectGoodbyeAsync(reason, what);
        }
    }

    [Fact]
    public async Task Message_OutOfTurnBeforeTheProof_BreaksTheProtocol()
    {
        var messages = new Dictionary<string, Func<RawNode, byte[]>>
        {
            ["empty"] = static _ => [],
            ["unknown kind"] = static _ => [0xfa, 0x01, 0x00],
            ["garbage"] = static _ => Encoding.UTF8.GetBytes("GET / HTTP/1.1\r\n\r\n"),
            ["length beyond the end"] = static _ => [0x0a, 0xff, 0xff, 0xff, 0xff, 0x07],
            ["negative length"] = static _ => [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
            ["oversize"] = static _ => new FromNode { Hello = new Hello { Role = new string('x', LinkProtocol.MaxMessageFromNode) } }.ToByteArray(),
            ["Offer"] = static node => new FromNode { Offer = node.Offer() }.ToByteArray(),
            ["Status"] = static _ => new FromNode { Status = new Status() }.ToByteArray(),
            ["Tokens"] = static _ => new FromNode { Tokens = new Tokens { Job = 1, Tokens_ = { 1 } } }.ToByteArray(),
            ["Result"] = static _ => new FromNode { Result = new Result { Job = 1 } }.ToByteArray(),
        };

        foreach (var (what, message) in messages)
        {
            await using var first = _grid.Dial();
            await first.SendAsync(message(first));
            await first.ExpectGoodbyeAsync(Reason.BrokenProtocol, $"{what} in place of Hello");

            await using var second = _grid.Dial();
            await second.HelloAsync();
            await second.SendAsync(message(second));
            await second.ExpectGoodbyeAsync(Reason.BrokenProtocol, $"{what} in place of Proof");
        }
    }

    [Fact]
    public async Task Hello_Twice_BreaksTheProtocol()
    {
        await using var node = _grid.Dial();
        await node.HelloAsync();

        await node.SendAsync(node.Hello());

        await node.ExpectGoodbyeAsync(Reason.BrokenProtocol);
    }

    [Fact]
    public async Task Proof_BeforeHello_BreaksTheProtocol()
    {
        await using var node = _grid.Dial();

        await node.SendAsync(new Proof { Scheme = "p256" });

        await node.ExpectGoodbyeAsync(Reason.BrokenProtocol);
    }

    [Fact]
    public async Task Stream_EndsBeforeHello_IsAnswered()
    {
        await using var node = _grid.Dial();

        await node.CompleteAsync();

        await node.ExpectGoodbyeAsync(Reason.BrokenProtocol);
    }

    [Fact]
    public async Task Hello_OfNewerVersionWithFieldsThatAreUnknown_IsAccepted()
    {
        await using var node = _grid.Dial();
        var hello = node.Hello();
        hello.Version = LinkProtocol.Version + 1;
        var known = new FromNode { Hello = hello }.ToByteArray();

        // Field 99 of the message, a number.
        await node.SendAsync([.. known, 0x98, 0x06, 0x01]);

        (await node.NextAsync())!.KindCase.Should().Be(ToNode.KindOneofCase.Challenge);
    }

    [Fact]
    public async Task Challenge_EachTime_IsNewAndOfThisGrid()
    {
        await using var one = _grid.Dial();
        await using var other = _grid.Dial();

        var first = await one.HelloAsync();
        var second = await other.HelloAsync();

        first.Grid.Should().Be(LinkGrid.Id);
        first.GridNonce.Length.Should().Be(LinkProtocol.NonceBytes);
        first.GridNonce.ToArray().Should().NotEqual(second.GridNonce.ToArray());
        DateTimeOffset.FromUnixTimeSeconds(first.Expires).Should()
            .BeCloseTo(DateTimeOffset.UtcNow + LinkProtocol.HandshakeTimeout, TimeSpan.FromSeconds(5));
    }
}
