using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace BTTInferGrid.Link;

/// <summary>A node's private key of scheme <c>p256</c>, in a PEM file that only its owner can read.</summary>
public sealed partial class NodeKeyFile : INodeCredential, IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Lock _lock = new();
    private readonly ECDsa _key;
    private readonly byte[] _publicKey;

    private NodeKeyFile(ECDsa key)
    {
        _key = key;
        _publicKey = key.ExportSubjectPublicKeyInfo();
        Identity = P256ProofVerifier.IdentityOf(_publicKey);
    }

    /// <inheritdoc/>
    public string Identity { get; }

    /// <summary>Reads a key; creates one if there is no such file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is not a key, or others can read it.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static NodeKeyFile Open(string path)
    {
        if (!File.Exists(path))
        {
            Create(path);
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
        {
            throw new InvalidDataException($"Others than its owner can use the key file '{path}'. Run: chmod 600 '{path}'");
        }

        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));

            // A public key alone is read as well, and fails here.
            key.SignHash(new byte[SHA256.HashSizeInBytes]);
            return P256ProofVerifier.IsP256(key)
                ? new NodeKeyFile(key)
                : throw new CryptographicException("Its curve is not P-256.");
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new InvalidDataException($"The file '{path}' is not an ECDSA P-256 private key in PEM: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public NodeProof Prove(LinkChallenge challenge)
    {
        lock (_lock)
        {
            return new NodeProof(
                P256ProofVerifier.SchemeName,
                _publicKey,
                _key.SignData(challenge.ToBytes(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    /// <summary>Writes a new key, whole or not at all; one that another process writes at the same time stays.</summary>
    private static void Create(string path)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var draft = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using (var file = new FileStream(draft, options))
        {
            file.Write(Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
            file.Flush(flushToDisk: true);
        }

        try
        {
            // A move looks for the target first and then replaces it, so of two at once both could succeed. Some file
            // systems have no links.
            if (OperatingSystem.IsWindows() || Link(draft, path) != 0)
            {
                File.Move(draft, path, overwrite: false);
            }
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first.
        }
        finally
        {
            File.Delete(draft);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string created);
}
