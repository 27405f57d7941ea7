using System.Security.Cryptography;
using BTTInferGrid.Testing;
using FluentAssertions;

namespace BTTInferGrid.Link.Tests;

public sealed class NodeKeyFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryHome _home = new();


    private string KeyFile => Path.Combine(_home.Path, "node.pem");

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Open_NoFile_CreatesOneForTheOwnerOnlyAndKeepsItsIdentity()
    {
        var file = Path.Combine(_home.Path, "sub", "node.pem");
        using var first = NodeKeyFile.Open(file);
        using var second = NodeKeyFile.Open(file);

        second.Identity.Should().Be(first.Identity);
        File.GetUnixFileMode(file).Should().Be(OwnerOnly);
        Directory.GetFiles(Path.GetDirectoryName(file)!).Should().Equal(file);
    }

    [Fact]
    public void Prove_IsVerified()
    {
        using var key = NodeKeyFile.Open(KeyFile);
        var challenge = TestChallenges.Next();

        new P256ProofVerifier().Verify(challenge, key.Prove(challenge)).Should().Be(key.Identity);
    }

    [Fact]
    public void Open_CreatedByManyAtOnce_HasOneIdentity()
    {
        const int Openers = 8;
        for (var round = 0; round < 50; round++)
        {
            var file = Path.Combine(_home.Path, $"{round}.pem");
            var identities = new string[Openers];
            using var start = new Barrier(Openers);
            var threads = Enumerable.Range(0, Openers).Select(i => new Thread(() =>
            {
                start.SignalAndWait();
                using var key = NodeKeyFile.Open(file);
                identities[i] = key.Identity;
            })).ToArray();
            Array.ForEach(threads, static thread => thread.Start());
            Array.ForEach(threads, static thread => thread.Join());

            using var kept = NodeKeyFile.Open(file);
            identities.Should().AllBe(kept.Identity);
        }

        Directory.GetFiles(_home.Path).Should().HaveCount(50).And.OnlyContain(static file => file.EndsWith(".pem"));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void Open_FileThatOthersCanUse_IsRefused(UnixFileMode more)
    {
        NodeKeyFile.Open(KeyFile).Dispose();
        File.SetUnixFileMode(KeyFile, OwnerOnly | more);

        var open = () => NodeKeyFile.Open(KeyFile);

        open.Should().Throw<InvalidDataException>().WithMessage($"*chmod 600 '{KeyFile}'*");
    }

    [Fact]
    public void Open_FileThatOnlyTheOwnerReads_IsAccepted()
    {
        NodeKeyFile.Open(KeyFile).Dispose();
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead);

        NodeKeyFile.Open(KeyFile).Dispose();
    }

    public static TheoryData<string> WrongKeys
    {
        get
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var otherCurve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
            using var wallet = ECDsa.Create(ECCurve.CreateFromFriendlyName("secp256k1"));
            using var rsa = RSA.Create(2048);
            var pem = key.ExportPkcs8PrivateKeyPem();
            return new TheoryData<string>
            {
                "",
                "secret words",
                pem[..(pem.Length / 2)],
                pem.Replace("PRIVATE KEY", "SECRET KEY", StringComparison.Ordinal),
                pem.Remove(40, 8).Insert(40, "AAAAAAAA"),
                key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(
                    PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1)),
                key.ExportSubjectPublicKeyInfoPem(),
                otherCurve.ExportPkcs8PrivateKeyPem(),
                wallet.ExportPkcs8PrivateKeyPem(),
                rsa.ExportPkcs8PrivateKeyPem(),
            };
        }
    }

    [Theory]
    [MemberData(nameof(WrongKeys))]
    public void Open_FileThatIsNoSuchKey_IsRefusedWithoutShowingIt(string text)
    {
        File.WriteAllText(KeyFile, text);
        File.SetUnixFileMode(KeyFile, OwnerOnly);

        var open = () => NodeKeyFile.Open(KeyFile);

        var error = open.Should().Throw<InvalidDataException>().WithMessage($"*'{KeyFile}'*P-256 private key*").Which.ToString();
        if (text.Length > 0)
        {
            error.Should().NotContain(text.Split('\n')[^1]);
        }

        File.ReadAllText(KeyFile).Should().Be(text, "a file that somebody wrote is not replaced");
    }

    [Fact]
    public void Open_Folder_IsAnErrorOfReading()
    {
        Directory.CreateDirectory(KeyFile);

        var open = () => NodeKeyFile.Open(KeyFile);

        open.Should().Throw<IOException>();
    }
}
