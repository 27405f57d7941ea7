using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Orleans.Embedded.Edge;

namespace Orleans.Embedded.Tests.Edge;

public sealed class EdgeKeyTests : IDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("edge-key-");

    public void Dispose()
    {
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Verify_OwnProof_IsAccepted()
    {
        using var key = EdgeKeyFile.Open(PathOf("key.pem"));
        var challenge = ChallengeFor(key.Identity);

        var admission = await VerifyAsync(challenge, await key.ProveAsync(challenge, default), key.Identity);

        Assert.True(admission.IsAccepted, admission.Reason);
    }

    [Fact]
    public async Task Verify_KeyThatIsNotListed_IsRefusedUnlessAllAreAllowed()
    {
        using var key = EdgeKeyFile.Open(PathOf("key.pem"));
        var challenge = ChallengeFor(key.Identity);
        var proof = await key.ProveAsync(challenge, default);

        Assert.False((await VerifyAsync(challenge, proof)).IsAccepted);
        Assert.True((await VerifyAsync(challenge, proof, allowAny: true)).IsAccepted);
    }

    [Fact]
    public async Task Verify_ProofOfAnotherChallenge_IsRefused()
    {
        using var key = EdgeKeyFile.Open(PathOf("key.pem"));
        var challenge = ChallengeFor(key.Identity);
        EdgeChallenge[] others =
        [
            new("other", challenge.Identity, challenge.Nonce),
            new(challenge.ClusterId, challenge.Identity, RandomNumberGenerator.GetBytes(32)),
        ];

        foreach (var other in others)
        {
            var proof = await key.ProveAsync(other, default);
            Assert.False((await VerifyAsync(challenge, proof, key.Identity)).IsAccepted);
        }
    }

    [Fact]
    public async Task Verify_IdentityOfAnotherKey_IsRefused()
    {
        using var key = EdgeKeyFile.Open(PathOf("key.pem"));
        using var victim = EdgeKeyFile.Open(PathOf("victim.pem"));
        var challenge = ChallengeFor(victim.Identity);

        var admission = await VerifyAsync(challenge, await key.ProveAsync(challenge, default), victim.Identity);

        Assert.False(admission.IsAccepted);
    }

    [Fact]
    public async Task Verify_DamagedProof_IsRefusedAndNeverThrows()
    {
        using var key = EdgeKeyFile.Open(PathOf("key.pem"));
        var challenge = ChallengeFor(key.Identity);
        var proof = await key.ProveAsync(challenge, default);

        for (var i = 0; i < proof.Length; i++)
        {
            byte[] damaged = [.. proof];
            damaged[i] ^= 1;
            Assert.False((await VerifyAsync(challenge, damaged, key.Identity)).IsAccepted);
        }

        Assert.False((await VerifyAsync(challenge, [], key.Identity)).IsAccepted);
        Assert.False((await VerifyAsync(challenge, [.. proof, 0], key.Identity)).IsAccepted);
    }

    [Fact]
    public async Task Verify_NoPublicKeyOfTheClaimedFingerprint_IsRefused()
    {
        byte[] noKey = new byte[91];
        var challenge = ChallengeFor(EdgeKey.IdentityOf(noKey));

        Assert.False((await VerifyAsync(challenge, [.. noKey, .. new byte[64]], challenge.Identity)).IsAccepted);
    }

    [Fact]
    public void Open_NoFile_MakesOneForTheOwnerOnlyAndKeepsItsIdentity()
    {
        var path = PathOf("sub/key.pem");
        using var first = EdgeKeyFile.Open(path);
        using var second = EdgeKeyFile.Open(path);

        Assert.Equal(first.Identity, second.Identity);
        Assert.True(EdgeIdentity.IsValid(first.Identity));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Single(System.IO.Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Open_FileThatOthersCanRead_IsRefused()
    {
        var path = PathOf("key.pem");
        EdgeKeyFile.Open(path).Dispose();
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        var error = Assert.Throws<OrleansConfigurationException>(() => EdgeKeyFile.Open(path));

        Assert.Contains("chmod 600", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileThatIsNoSuchKey_IsRefusedWithoutShowingIt()
    {
        using var otherCurve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        foreach (var text in new[] { "secret words", otherCurve.ExportPkcs8PrivateKeyPem() })
        {
            var path = PathOf(Guid.NewGuid().ToString());
            File.WriteAllText(path, text);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

            var error = Assert.Throws<OrleansConfigurationException>(() => EdgeKeyFile.Open(path));

            Assert.Contains("P-256", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret words", error.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("0xAbC123", true)]
    [InlineData("p256-00ff", true)]
    [InlineData("a.b_c:d", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("ä", false)]
    [InlineData("a\n2026 forged line", false)]
    public void IsValid_Texts(string identity, bool expected)
    {
        Assert.Equal(expected, EdgeIdentity.IsValid(identity));
        Assert.False(EdgeIdentity.IsValid(identity.PadRight(129, 'x')));
    }

    private static EdgeChallenge ChallengeFor(string identity)
    {
        return new EdgeChallenge(
            "cluster", identity, RandomNumberGenerator.GetBytes(EdgeChallenge.NonceBytes));
    }

    private static ValueTask<EdgeAdmission> VerifyAsync(
        EdgeChallenge challenge, byte[] proof, string? listed = null, bool allowAny = false)
    {
        var options = new EdgeKeyOptions { AllowAnyKey = allowAny };
        options.AllowedIdentities.Add(listed ?? "nobody");
        return new EdgeKeyAuthenticator(new FixedOptions(options)).VerifyAsync(challenge, proof, default);
    }

    private string PathOf(string name)
    {
        return Path.Combine(_folder.FullName, name);
    }

    private sealed class FixedOptions(EdgeKeyOptions options) : IOptionsMonitor<EdgeKeyOptions>
    {
        public EdgeKeyOptions CurrentValue => options;

        public EdgeKeyOptions Get(string? name)
        {
            return options;
        }

        public IDisposable? OnChange(Action<EdgeKeyOptions, string?> listener)
        {
            return null;
        }
    }
}
