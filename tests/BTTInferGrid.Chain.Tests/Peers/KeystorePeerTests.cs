using System.Text;
using System.Text.Json.Nodes;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Keystore;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Tests.Peers;

/// <summary>Keystores go both ways between us, cast and ethers.</summary>
public sealed class KeystorePeerTests : IDisposable
{
    private const string Password = "pässwörd 漢";

    private readonly TemporaryHome _home = new();

    public void Dispose()
    {
        _home.Dispose();
    }

    [Fact]
    public async Task OurFile_IsOpenedByCast()
    {
        using var key = PrivateKey.Create();
        var path = KeystoreFile.Write(_home.Path, key, Password, ScryptCost.Light, TimeProvider.System);

        var answer = await CastPeer.AskAsync(
            "wallet", "decrypt-keystore", "-k", _home.Path, Path.GetFileName(path), "--unsafe-password", Password);

        Assert.True(answer.Contains(Secret(key), StringComparison.Ordinal), "cast shows another key.");
    }

    [Fact]
    public async Task FileOfCast_IsOpenedByUs()
    {
        var answer = await CastPeer.AskAsync("wallet", "new", _home.Path, "account", "--unsafe-password", Password);

        using var key = KeystoreFile.Read(Path.Combine(_home.Path, "account"), Password);

        Assert.Contains(key.Address.ToString(), answer);
        Assert.Throws<WrongPasswordException>(() => KeystoreFile.Read(Path.Combine(_home.Path, "account"), "password"));
    }

    [Fact]
    public async Task OurJson_IsOpenedByEthers()
    {
        using var key = PrivateKey.Create();

        var answers = await JavaScriptPeer.AskAsync([new JsonObject
        {
            ["operation"] = "openKeystore",
            ["json"] = Encoding.UTF8.GetString(KeystoreV3.Encrypt(key, Password, ScryptCost.Light)),
            ["password"] = Password,
        }]);

        Assert.True(Secret(key) == (string?)answers[0]["key"], "ethers shows another key.");
    }

    [Fact]
    public async Task JsonOfEthers_IsOpenedByUs()
    {
        using var key = PrivateKey.Create();

        var answers = await JavaScriptPeer.AskAsync([new JsonObject
        {
            ["operation"] = "writeKeystore", ["key"] = Secret(key), ["password"] = Password, ["n"] = 4096,
        }]);

        using var opened = KeystoreV3.Decrypt(Encoding.UTF8.GetBytes((string)answers[0]["json"]!), Password);
        Assert.Equal(key.Address, opened.Address);
    }

    private static string Secret(PrivateKey key)
    {
        var secret = new byte[PrivateKey.Bytes];
        key.CopyTo(secret);
        return HexText.Format(secret);
    }
}
