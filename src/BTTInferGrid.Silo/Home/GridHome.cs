using BTTInferGrid.Front.Keys;
using BTTInferGrid.Silo.Client;
using BTTInferGrid.Silo.Hosting;

namespace BTTInferGrid.Silo.Home;

/// <summary>The folder that holds a grid's state. One process at a time has it.</summary>
internal sealed class GridHome : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    private GridHome(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    /// <summary>The key that a miner proves its identity with.</summary>
    public string MinerKeyPath => System.IO.Path.Combine(Path, "miner-key");

    public string DeveloperKeyPath => System.IO.Path.Combine(Path, "dev-key");

    private string UrlPath => System.IO.Path.Combine(Path, GridAddress.FileName);

    /// <summary>The home of one of the miners of a local grid.</summary>
    public string MinerPath(int number) => System.IO.Path.Combine(Path, "miners", $"{number}");

    /// <summary>The file that holds the state of the grains.</summary>
    public string DatabasePath => System.IO.Path.Combine(Path, "state.db");

    /// <summary>The file that keeps the ports of the silo.</summary>
    public string PortsPath => System.IO.Path.Combine(Path, "ports.json");

    /// <exception cref="StartException">The folder cannot be made, or another process has it.</exception>
    public static GridHome Open(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The home folder {path} cannot be made: {error.Message} Name another with --home.", error);
        }

        try
        {
            return new GridHome(path, new FileStream(
                System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartException(
                $"The home folder {path} is in use by another bttgrid, or not writable. Stop that one, or name another folder with --home.",
                error);
        }
    }

    /// <summary>The developer's API key: the one in the folder, or a new one, readable by its owner only.</summary>
    /// <exception cref="StartException">The file holds something else, or cannot be read or written.</exception>
    public string LoadOrCreateDeveloperKey()
    {
        try
        {
            if (!File.Exists(DeveloperKeyPath))
            {
                WriteKey(ApiKey.Create());
            }

            RequirePrivate();
            var key = File.ReadAllText(DeveloperKeyPath).Trim();
            return ApiKey.IsWellFormed(key)
                ? key
                : throw new StartException($"{DeveloperKeyPath} does not hold an API key. Remove it to have a new one made.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{DeveloperKeyPath} cannot be used: {error.Message}", error);
        }
    }

    /// <summary>Tells commands of the same home folder where the grid listens, until this is disposed of.</summary>
    public void WriteUrl(Uri url)
    {
        File.WriteAllText(UrlPath + ".new", url.GetLeftPart(UriPartial.Authority) + "\n");
        File.Move(UrlPath + ".new", UrlPath, overwrite: true);
    }

    public void Dispose()
    {
        File.Delete(UrlPath);
        _lock.Dispose();
    }

    private void RequirePrivate()
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(DeveloperKeyPath) & ~OwnerOnly) != 0)
        {
            throw new StartException(
                $"{DeveloperKeyPath} can be read by others. If nobody did, run 'chmod 600' on it; else remove it to have a new key made.");
        }
    }

    // Written beside and moved into place: a crash leaves no half a key.
    private void WriteKey(string key)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        // A left-over draft would keep its own mode.
        var draft = DeveloperKeyPath + ".new";
        File.Delete(draft);
        using (var writer = new StreamWriter(draft, options))
        {
            writer.WriteLine(key);
        }

        File.Move(draft, DeveloperKeyPath);
    }
}
