using BTTInferGrid.Front.Keys;
using BTTInferGrid.Silo.Home;
using BTTInferGrid.Silo.Hosting;
using BTTInferGrid.Testing;

namespace BTTInferGrid.Silo.Tests;

public sealed class GridHomeTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryHome _folder = new();

    private string KeyFile => Path.Combine(_folder.Path, "dev-key");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void DeveloperKey_FirstTime_IsMadeForItsOwnerAndKept()
    {
        using var home = GridHome.Open(_folder.Path);

        var key = home.LoadOrCreateDeveloperKey();

        Assert.True(ApiKey.IsWellFormed(key));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(KeyFile));
        Assert.Equal(key, home.LoadOrCreateDeveloperKey());
    }

    [Fact]
    public void DeveloperKey_DraftLeftByACrash_IsNotUsed()
    {
        File.WriteAllText(KeyFile + ".new", "half a k");
        using var home = GridHome.Open(_folder.Path);

        Assert.True(ApiKey.IsWellFormed(home.LoadOrCreateDeveloperKey()));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(KeyFile));
    }

    [Fact]
    public void DeveloperKey_ReadableByOthers_IsRefused()
    {
        File.WriteAllText(KeyFile, ApiKey.Create());
        File.SetUnixFileMode(KeyFile, OwnerOnly | UnixFileMode.OtherRead);
        using var home = GridHome.Open(_folder.Path);

        Assert.Contains("chmod 600", Assert.Throws<StartException>(home.LoadOrCreateDeveloperKey).Message);
    }

    [Fact]
    public void DeveloperKey_SomethingElse_IsRefusedWithoutSayingIt()
    {
        File.WriteAllText(KeyFile, "sk-btt-not-a-key");
        File.SetUnixFileMode(KeyFile, OwnerOnly);
        using var home = GridHome.Open(_folder.Path);

        var error = Assert.Throws<StartException>(home.LoadOrCreateDeveloperKey);
        Assert.Contains(KeyFile, error.Message);
        Assert.DoesNotContain("not-a-key", error.Message);
    }

    [Fact]
    public void Open_HeldByAnother_IsRefusedUntilItIsFree()
    {
        using (GridHome.Open(_folder.Path))
        {
            Assert.Contains("in use", Assert.Throws<StartException>(() => GridHome.Open(_folder.Path)).Message);
        }

        GridHome.Open(_folder.Path).Dispose();
    }

    [Fact]
    public void Open_PathThatIsAFile_SaysSo()
    {
        File.WriteAllText(KeyFile, "");

        Assert.Contains("--home", Assert.Throws<StartException>(() => GridHome.Open(KeyFile)).Message);
    }
}
