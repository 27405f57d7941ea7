using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Keystore;

namespace BTTInferGrid.Chain.Tests.Keystore;

public sealed class KeystoreFileTests
{
    private static readonly ScryptCost Cheap = new(2, 1, 1);

    [Fact]
    public void Write_IntoFolder_GivesAFileThatItsOwnerAloneReads()
    {
        using var home = new TemporaryHome();
        using var key = new PrivateKey(Enumerable.Repeat((byte)0x46, 32).ToArray());
        var clock = new ManualClock();

        var path = KeystoreFile.Write(home.Path, key, "password", Cheap, clock);

        Assert.Equal(
            "UTC--2030-01-01T00-00-00.000000000Z--9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f", Path.GetFileName(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal([path], Directory.GetFiles(home.Path));
        using var read = KeystoreFile.Read(path, "password");
        Assert.Equal(key.Address, read.Address);
    }

    [Fact]
    public void Write_WhereThatFileIs_ThrowsAndLeavesIt()
    {
        using var home = new TemporaryHome();
        using var key = PrivateKey.Create();
        var clock = new ManualClock();
        var path = KeystoreFile.Write(home.Path, key, "first", Cheap, clock);

        Assert.Throws<KeystoreException>(() => KeystoreFile.Write(home.Path, key, "second", Cheap, clock));

        Assert.Equal([path], Directory.GetFiles(home.Path));
        KeystoreFile.Read(path, "first").Dispose();
    }

    [Fact]
    public void Write_WhereNoFolderIs_Throws()
    {
        using var home = new TemporaryHome();
        using var key = PrivateKey.Create();

        Assert.Throws<KeystoreException>(
            () => KeystoreFile.Write(Path.Combine(home.Path, "none"), key, "password", Cheap, TimeProvider.System));
    }

    [Fact]
    public void Read_OfNoFileOrALargeOne_Throws()
    {
        using var home = new TemporaryHome();
        var large = Path.Combine(home.Path, "large");
        using (var file = File.Create(large))
        {
            file.SetLength(1L << 40);
        }

        Assert.Throws<KeystoreException>(() => KeystoreFile.Read(Path.Combine(home.Path, "none"), "password"));
        Assert.Throws<KeystoreException>(() => KeystoreFile.Read(home.Path, "password"));
        Assert.Throws<KeystoreException>(() => KeystoreFile.Read(large, "password"));
    }
}
