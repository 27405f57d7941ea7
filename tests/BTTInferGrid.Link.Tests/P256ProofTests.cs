using System.Security.Cryptography;
using FluentAssertions;

namespace BTTInferGrid.Link.Tests;

public sealed class P256ProofTests : IDisposable
{
    private const string KnownIdentity = "p256-3d1913e3aca9550c1a1c8617593c5804e3ae6e35fc43bbba1660c7d026dc922e";
    private const string KnownPublicKey =
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEAGzgZkCYjYR/Wn/3+s153K619NYEn5G9mw0IBxKBZzJo4LJlGMJVY4O0Eld1ou6vjwAawAxwXjzQ"
        + "vNQHgdpefQ==";
    private const string KnownSignature =
        "MEYCIQDIwT52laB6YJ8EwpQAEGhcGloOZZpUt/em8HlK6NzZLQIhAMb2M/1J5/0+vphBg50ydFJOPAbrZ6KWgjqsI5E24WSW";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly P256ProofVerifier _verifier = new();

    private string Identity => P256ProofVerifier.IdentityOf(_key.ExportSubjectPublicKeyInfo());

    public void Dispose() => _key.Dispose();

    [Fact]
    public void Verify_OwnProof_IsTheKeysFingerprint()
    {
        var challenge = TestChallenges.Next();

        _verifier.Verify(challenge, Prove(_key, challenge)).Should().Be(Identity);

        Identity.Should().MatchRegex("^p256-[0-9a-f]{64}$");
        NodeIdentity.IsValid(Identity).Should().BeTrue();
    }

    [Fact]
    public void Verify_KnownProof_IsItsIdentity()
    {
        // Made with OpenSSL, as another implementation would.
        var challenge = new LinkChallenge("grid-1", "front.example", "miner", new byte[32], new byte[32], 1);
        var proof = new NodeProof("p256", Convert.FromBase64String(KnownPublicKey), Convert.FromBase64String(KnownSignature));

        _verifier.Verify(challenge, proof).Should().Be(KnownIdentity);
    }

    [Fact]
    public void Verify_ProofOfAnotherChallenge_IsRefused()
    {
        var challenge = TestChallenges.Next();
        LinkChallenge[] others =
        [
            challenge with { Grid = "grid-2" },
            challenge with { Audience = "other.example" },
            challenge with { Role = "validator" },
            challenge with { NodeNonce = TestChallenges.Next().NodeNonce },
            challenge with { GridNonce = TestChallenges.Next().GridNonce },
            challenge with { NodeNonce = challenge.GridNonce, GridNonce = challenge.NodeNonce },
            challenge with { Expires = challenge.Expires + 1 },
        ];

        others.Select(other => _verifier.Verify(challenge, Prove(_key, other))).Should().AllSatisfy(
            static identity => identity.Should().BeNull());
    }

    [Fact]
    public void Verify_KeyOfAnotherNode_IsRefused()
    {
        using var victim = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var challenge = TestChallenges.Next();

        var proof = Prove(_key, challenge) with { PublicKey = victim.ExportSubjectPublicKeyInfo() };

        _verifier.Verify(challenge, proof).Should().BeNull();
    }

    [Fact]
    public void Verify_DamagedProof_IsRefusedAndNeverThrows()
    {
        var challenge = TestChallenges.Next();
        var proof = Prove(_key, challenge);

        foreach (var publicKey in Damages(proof.PublicKey.ToArray()))
        {
            _verifier.Verify(challenge, proof with { PublicKey = publicKey }).Should().BeNull();
        }

        foreach (var signature in Damages(proof.Signature.ToArray()))
        {
            _verifier.Verify(challenge, proof with { Signature = signature }).Should().BeNull();
        }
    }

    [Fact]
    public void Verify_SignatureOfOtherForm_IsRefused()
    {
        var challenge = TestChallenges.Next();
        var text = challenge.ToBytes();
        byte[][] signatures =
        [
            _key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            _key.SignData(text, HashAlgorithmName.SHA384, DSASignatureFormat.Rfc3279DerSequence),
            _key.SignHash(SHA512.HashData(text), DSASignatureFormat.Rfc3279DerSequence),
            new byte[64],
            [0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00],
            [0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
            new byte[1 << 20],
        ];

        foreach (var signature in signatures)
        {
            _verifier.Verify(challenge, Prove(_key, challenge) with { Signature = signature }).Should().BeNull();
        }
    }

    [Fact]
    public void Verify_KeyOfOtherCurveOrForm_IsRefused()
    {
        var challenge = TestChallenges.Next();
        foreach (var curve in new[] { ECCurve.NamedCurves.nistP384, ECCurve.CreateFromFriendlyName("secp256k1") })
        {
            using var key = ECDsa.Create(curve);
            _verifier.Verify(challenge, Prove(key, challenge)).Should().BeNull(curve.Oid.FriendlyName);
        }

        using var rsa = RSA.Create(2048);
        byte[][] keys =
        [
            rsa.ExportSubjectPublicKeyInfo(),
            new byte[91],
            [.. _key.ExportSubjectPublicKeyInfo()[..27], .. new byte[64]], // A point that is not of the curve.
            [.. _key.ExportSubjectPublicKeyInfo(), 0],
        ];
        foreach (var publicKey in keys)
        {
            _verifier.Verify(challenge, Prove(_key, challenge) with { PublicKey = publicKey }).Should().BeNull();
        }
    }

    private static NodeProof Prove(ECDsa key, LinkChallenge challenge) => new(
        P256ProofVerifier.SchemeName,
        key.ExportSubjectPublicKeyInfo(),
        key.SignData(challenge.ToBytes(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    private static IEnumerable<byte[]> Damages(byte[] bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[i] ^= 1;
            yield return damaged;
        }

        yield return [];
        yield return bytes[1..];
        yield return bytes[..^1];
        yield return [.. bytes, 0];
    }
}
