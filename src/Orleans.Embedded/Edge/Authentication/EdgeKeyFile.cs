using System.Security.Cryptography;
using System.Text;
using Orleans.Runtime;

namespace Orleans.Embedded.Edge;

/// <summary>The private key of an edge silo, in a file that only its owner can read.</summary>
internal sealed class EdgeKeyFile : IEdgeCredential, IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly ECDsa _key;

    private EdgeKeyFile(ECDsa key)
    {
        _key = key;
        Identity = EdgeKey.IdentityOf(key.ExportSubjectPublicKeyInfo());
    }

    public string Scheme => EdgeKey.Scheme;

    public string Identity { get; }

    /// <summary>Reads a key; makes one if there is no such file.</summary>
    /// <exception cref="OrleansConfigurationException">The file is not a key, or others can read it.</exception>
    public static EdgeKeyFile Open(string path)
    {
        if (!File.Exists(path))
        {
            TryCreate(path);
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
        {
            throw new OrleansConfigurationException(
                $"Key file '{path}' can be used by others than its owner. Run: chmod 600 '{path}'");
        }

        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value
                != ECCurve.NamedCurves.nistP256.Oid.Value)
            {
                throw new CryptographicException("Its curve is not P-256.");
            }

            return new EdgeKeyFile(key);
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new OrleansConfigurationException(
                $"File '{path}' is not a private key of ECDSA P-256 in PEM: {error.Message}");
        }
    }

    public ValueTask<byte[]> ProveAsync(EdgeChallenge challenge, CancellationToken cancellationToken)
    {
        lock (_key)
        {
            return new ValueTask<byte[]>(EdgeKey.Prove(_key, challenge));
        }
    }

    public void Dispose()
    {
        _key.Dispose();
    }

    /// <summary>Makes a key, whole or not at all; one that another process makes meanwhile stays.</summary>
    private static void TryCreate(string path)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var draft = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using (var file = new FileStream(draft, options))
        {
            file.Write(Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
    }
}
