namespace BTTInferGrid.Inference.Tests.Binaries;

public sealed class NativePackageTests : IDisposable
{
    private static readonly NativePackage Package =
        new("@scope/parts", "bin/linux", "BTTINFERGRID_TEST_PARTS_FOLDER", "native/parts", "libpart*.so");

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Find_NodeModulesAbove_IsFound()
    {
        var part = _folder.Write("node_modules/@scope/parts/bin/linux/libpart.v1.so", [1]);
        Directory.CreateDirectory(In("app/bin/net"));

        Assert.Equal(Path.GetDirectoryName(part), Package.Find(baseDirectory: In("app/bin/net")));
    }

    [Fact]
    public void Find_NextToTheApplication_GoesBeforeNodeModules()
    {
        _folder.Write("node_modules/@scope/parts/bin/linux/libpart.so", [1]);
        var part = _folder.Write("app/native/parts/libpart.so", [1]);

        Assert.Equal(Path.GetDirectoryName(part), Package.Find(baseDirectory: In("app")));
    }

    [Fact]
    public void Find_EnvironmentVariable_GoesBeforeTheSearchAndAfterThePath()
    {
        _folder.Write("app/native/parts/libpart.so", [1]);
        _folder.Write("named/libpart.so", [1]);
        _folder.Write("given/libpart.so", [1]);
        Environment.SetEnvironmentVariable(Package.EnvironmentVariable, In("named"));
        try
        {
            Assert.Equal(In("named"), Package.Find(baseDirectory: In("app")));
            Assert.Equal(In("given"), Package.Find(In("given"), In("app")));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Package.EnvironmentVariable, null);
        }
    }

    [Fact]
    public void Find_NamedFolderWithoutTheBinaries_IsAnErrorAndNotSearchedPast()
    {
        _folder.Write("app/native/parts/libpart.so", [1]);
        _folder.Write("empty/readme.txt", [1]);

        var error = Assert.Throws<NativePackageNotFoundException>(() => Package.Find(In("empty"), In("app")));

        Assert.Equal([In("empty")], error.Searched);
        Assert.Same(Package, error.Package);
    }

    [Fact]
    public void Find_Nowhere_SaysWhereItLookedAndWhatToDo()
    {
        var error = Assert.Throws<NativePackageNotFoundException>(() => Package.Find(baseDirectory: In("app")));

        Assert.Contains(In("app/native/parts"), error.Message, StringComparison.Ordinal);
        Assert.Contains(In("node_modules/@scope/parts/bin/linux"), error.Message, StringComparison.Ordinal);
        Assert.Contains(Package.EnvironmentVariable, error.Message, StringComparison.Ordinal);
        Assert.Contains("npm ci", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string In(string relative) => Path.Combine(_folder.Path, relative);
}
