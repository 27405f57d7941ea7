using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Nodes;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Tests.Keys;
using BTTInferGrid.Chain.Tests.Peers;
using BTTInferGrid.Chain.Tests.Randomness;
using BTTInferGrid.Link;
using FluentAssertions;
using Xunit.Abstractions;

namespace BTTInferGrid.Chain.Tests.Nodes;

public sealed class WalletProofTests(ITestOutputHelper output)
{
    private static readonly BigInteger Order =
        BigInteger.Parse("0" + PrivateKeyTests.Order, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private readonly WalletProofVerifier _verifier = new();

    [Fact]
    public void Verify_OwnProof_IsTheWalletsAddress()
    {
        using var key = PrivateKey.Create();
        var credential = new WalletCredential(key);
        var challenge = NextChallenge(new TestRandom(output));

        var proof = credential.Prove(challenge);

        proof.Scheme.Should().Be("eip712").And.Be(_verifier.Scheme);
        proof.PublicKey.ToArray().Should().Equal(key.Address.ToBytes());
        _verifier.Verify(challenge, proof).Should().Be(credential.Identity);
        credential.Identity.Should().Be(key.Address.ToString().ToLowerInvariant());
        NodeIdentity.IsValid(credential.Identity).Should().BeTrue();
    }

    [Fact]
    public async Task Prove_RandomChallenges_IsTheSignatureOfViem()
    {
        const int Cases = 500;
        var random = new TestRandom(output);
        var secrets = Enumerable.Range(0, Cases).Select(_ => random.Bytes(PrivateKey.Bytes)).ToArray();
        var challenges = secrets.Select(_ => NextChallenge(random)).ToArray();

        var answers = await JavaScriptPeer.AskAsync([.. secrets.Zip(challenges, static (secret, challenge) => new JsonObject
        {
            ["operation"] = "typedData", ["key"] = HexText.Format(secret), ["document"] = DocumentOf(challenge),
        })]);

        for (var i = 0; i < Cases; i++)
        {
            using var key = new PrivateKey(secrets[i]);
            var credential = new WalletCredential(key);
            var theirs = HexText.Parse((string)answers[i]["signature"]!, Signature.Bytes)!;
            credential.Prove(challenges[i]).Signature.ToArray().Should().Equal(theirs);
            _verifier.Verify(challenges[i], ProofOf(key, theirs)).Should().Be(credential.Identity);
        }
    }

    [Fact]
    public void Verify_ProofOfAnotherChallenge_IsRefused()
    {
        using var key = PrivateKey.Create();
        var credential = new WalletCredential(key);
        var random = new TestRandom(output);
        var challenge = NextChallenge(random);
        LinkChallenge[] others =
        [
            challenge with { Grid = challenge.Grid + "x" },
            challenge with { Audience = challenge.Audience + "x" },
            challenge with { Grid = challenge.Audience, Audience = challenge.Grid },
            challenge with { Role = "validator" },
            challenge with { NodeNonce = random.Bytes(LinkProtocol.NonceBytes) },
            challenge with { GridNonce = random.Bytes(LinkProtocol.NonceBytes) },
            challenge with { NodeNonce = challenge.GridNonce, GridNonce = challenge.NodeNonce },
            challenge with { Expires = challenge.Expires + 1 },
        ];

        others.Select(other => _verifier.Verify(challenge, credential.Prove(other))).Should().OnlyContain(static identity => identity == null);
    }

    [Fact]
    public void Verify_DamagedProof_IsRefused()
    {
        using var key = PrivateKey.Create();
        var credential = new WalletCredential(key);
        var challenge = NextChallenge(new TestRandom(output));
        var signature = credential.Prove(challenge).Signature.ToArray();

        for (var i = 0; i < 8 * signature.Length; i++)
        {
            byte[] damaged = [.. signature];
            damaged[i / 8] ^= (byte)(1 << (i % 8));
            _verifier.Verify(challenge, ProofOf(key, damaged)).Should().BeNull();
        }
    }

    [Fact]
    public void Verify_SecondFormOfSignature_IsRefused()
    {
        using var key = PrivateKey.Create();
        var challenge = NextChallenge(new TestRandom(output));
        var signature = new WalletCredential(key).Prove(challenge).Signature.ToArray();
        var s = new BigInteger(signature.AsSpan(32, 32), isUnsigned: true, isBigEndian: true);

        byte[] second = [.. signature[..32], .. Word(Order - s), (byte)(27 + 28 - signature[64])];

        _verifier.Verify(challenge, ProofOf(key, second)).Should().BeNull();
    }

    public static TheoryData<string, string> Malformed => new()
    {
        { "nothing", "" },
        { "too short", Hex(1, 1, 27)[2..] },
        { "too long", Hex(1, 1, 27) + "00" },
        { "two signatures", Hex(1, 1, 27) + Hex(1, 1, 27) },
        { "compact form of 64 bytes (EIP-2098)", Hex(1, 1, 27)[..^2] },
        { "v is 0", Hex(1, 1, 0) },
        { "v is 1", Hex(1, 1, 1) },
        { "v is 26", Hex(1, 1, 26) },
        { "v is 29", Hex(1, 1, 29) },
        { "v holds a chain id (EIP-155)", Hex(1, 1, 37) },
        { "v is 255", Hex(1, 1, 255) },
        { "r is zero", Hex(0, 1, 27) },
        { "s is zero", Hex(1, 0, 27) },
        { "all is zero", Hex(0, 0, 27) },
        { "r is the order", Hex(Order, 1, 27) },
        { "r is above the order", Hex(Order + 1, 1, 27) },
        { "s is the order", Hex(1, Order, 27) },
        { "s is the highest number", Hex(1, (BigInteger.One << 256) - 1, 27) },
        { "s is just in the upper half", Hex(1, (Order / 2) + 1, 27) },
        { "no point of the curve has this r", Hex(5, 1, 27) },
        { "the other point of that r", Hex(5, 1, 28) },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Verify_MalformedSignature_IsRefused(string what, string signature)
    {
        using var key = PrivateKey.Create();
        var challenge = NextChallenge(new TestRandom(output));

        _verifier.Verify(challenge, ProofOf(key, Convert.FromHexString(signature))).Should().BeNull(what);
    }

    [Theory]
    [InlineData(27)]
    [InlineData(28)]
    public void Verify_WellFormedSignatureThatNobodyMade_IsOnlyItsOwnAddress(byte v)
    {
        // The malformed ones differ from these in one point each.
        using var victim = PrivateKey.Create();
        var challenge = NextChallenge(new TestRandom(output));

        foreach (var s in new[] { BigInteger.One, Order / 2 })
        {
            var signature = Convert.FromHexString(Hex(1, s, v));
            var signer = Signature.Parse(signature).Recover(WalletProofVerifier.SigningHash(challenge));

            _verifier.Verify(challenge, ProofOf(victim, signature)).Should().BeNull();
            _verifier.Verify(challenge, new NodeProof("eip712", signer.ToBytes(), signature)).Should().Be(WalletProofVerifier.IdentityOf(signer));
        }
    }

    [Fact]
    public void Verify_RandomBytes_IsRefused()
    {
        var random = new TestRandom(output);
        for (var i = 0; i < 2000; i++)
        {
            byte[] signature = [.. random.Bytes(64), (byte)(27 + random.Next(2))];
            _verifier.Verify(NextChallenge(random), new NodeProof("eip712", random.Bytes(Address.Bytes), signature)).Should().BeNull();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(19)]
    [InlineData(21)]
    [InlineData(32)]
    [InlineData(65)]
    [InlineData(1 << 16)]
    public void Verify_ClaimOfAnotherLength_IsRefused(int length)
    {
        using var key = PrivateKey.Create();
        var challenge = NextChallenge(new TestRandom(output));
        var proof = new WalletCredential(key).Prove(challenge);
        var claim = new byte[length];
        key.Address.ToBytes().AsSpan()[..Math.Min(length, Address.Bytes)].CopyTo(claim);

        _verifier.Verify(challenge, proof with { PublicKey = claim }).Should().BeNull();
    }

    [Fact]
    public void Verify_ClaimOfAnotherWallet_IsRefused()
    {
        using var key = PrivateKey.Create();
        using var victim = PrivateKey.Create();
        var challenge = NextChallenge(new TestRandom(output));
        var proof = new WalletCredential(key).Prove(challenge);

        _verifier.Verify(challenge, proof with { PublicKey = victim.Address.ToBytes() }).Should().BeNull();
    }

    private static LinkChallenge NextChallenge(TestRandom random) => new(
        $"grid-{random.Next(1000)}",
        $"front-{random.Next(1000)}.example",
        LinkProtocol.MinerRole,
        random.Bytes(LinkProtocol.NonceBytes),
        random.Bytes(LinkProtocol.NonceBytes),
        (long)random.Number(62));

    private static NodeProof ProofOf(PrivateKey claimed, byte[] signature) =>
        new(WalletProofVerifier.SchemeName, claimed.Address.ToBytes(), signature);

    /// <summary>What a wallet is asked to sign, as authors of nodes write it.</summary>
    private static JsonObject DocumentOf(LinkChallenge challenge)
    {
        var document = JsonNode.Parse(
            """
            {
              "types": {
                "EIP712Domain": [{ "name": "name", "type": "string" }, { "name": "version", "type": "string" }],
                "Session": [
                  { "name": "grid", "type": "string" }, { "name": "audience", "type": "string" },
                  { "name": "role", "type": "string" }, { "name": "node", "type": "bytes32" },
                  { "name": "challenge", "type": "bytes32" }, { "name": "expires", "type": "uint64" }
                ]
              },
              "primaryType": "Session",
              "domain": { "name": "BTTInferGrid link", "version": "1" }
            }
            """)!.AsObject();
        document["message"] = new JsonObject
        {
            ["grid"] = challenge.Grid,
            ["audience"] = challenge.Audience,
            ["role"] = challenge.Role,
            ["node"] = HexText.Format(challenge.NodeNonce.Span),
            ["challenge"] = HexText.Format(challenge.GridNonce.Span),
            ["expires"] = challenge.Expires.ToString(CultureInfo.InvariantCulture),
        };
        return document;
    }

    private static string Hex(BigInteger r, BigInteger s, byte v) =>
        Convert.ToHexStringLower([.. Word(r), .. Word(s), v]);

    private static byte[] Word(BigInteger number)
    {
        var word = new byte[32];
        var digits = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        digits.CopyTo(word, word.Length - digits.Length);
        return word;
    }
}
