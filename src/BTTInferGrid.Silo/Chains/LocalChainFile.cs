namespace BTTInferGrid.Silo.Chains;

/// <summary>
/// Tells commands of the same home folder where the chain of a local grid answers: its port is another at each start.
/// </summary>
internal static class LocalChainFile
{
    private const int MaxBytes = 1024;

    /// <summary>The address of the node; null if no grid with a chain runs.</summary>
    public static string? Read(string home)
    {
        var file = new FileInfo(PathOf(home));
        return file is { Exists: true, Length: <= MaxBytes } ? File.ReadAllText(file.FullName).Trim() : null;
    }

    public static void Write(string home, Uri endpoint)
    {
        var path = PathOf(home);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path + ".new", endpoint + "\n");
        File.Move(path + ".new", path, overwrite: true);
    }

    public static void Delete(string home)
    {
        if (File.Exists(PathOf(home)))
        {
            File.Delete(PathOf(home));
        }
    }

    private static string PathOf(string home) => Path.Combine(home, "chain", "rpc");
}
