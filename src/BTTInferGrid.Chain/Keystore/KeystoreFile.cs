using System.Globalization;
using BTTInferGrid.Chain.Keys;

namespace BTTInferGrid.Chain.Keystore;

/// <summary>Keystores as files, named as other clients name them.</summary>
public static class KeystoreFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Writes a key into a new file, <c>UTC--time--address</c>, which its owner alone can read. A crash leaves the
    /// whole
    /// file or none.
    /// </summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="key">The key.</param>
    /// <param name="password">The password, which the caller should zero after use.</param>
    /// <param name="cost">What a guess of the password costs.</param>
    /// <param name="clock">The clock for the name.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="KeystoreException">The file cannot be written, or the cost is out of range.</exception>
    public static string Write(
        string folder, PrivateKey key, ReadOnlySpan<char> password, ScryptCost cost, TimeProvider clock)
    {
        var time = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH-mm-ss.fffffff'00Z'", CultureInfo.InvariantCulture);
        var path = Path.Combine(folder, $"UTC--{time}--{Convert.ToHexStringLower(key.Address.ToBytes())}");
        var json = KeystoreV3.Encrypt(key, password, cost);
        try
        {
            WriteWhole(path, json);
            return path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KeystoreException(
                $"The keystore {path} cannot be written: {error.Message} Name a folder that exists and is writable.",
                error);
        }
    }

    /// <summary>Reads the key of a file.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="password">The password, which the caller should zero after use.</param>
    /// <exception cref="WrongPasswordException">The password is another, or the keystore was changed.</exception>
    /// <exception cref="KeystoreException">The file cannot be read, or is no keystore of version 3.</exception>
    public static PrivateKey Read(string path, ReadOnlySpan<char> password)
    {
        byte[] json;
        try
        {
            using var file = File.OpenRead(path);
            json = new byte[KeystoreV3.MaxBytes + 1];
            json = json[..file.ReadAtLeast(json, json.Length, throwOnEndOfStream: false)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KeystoreException($"The keystore {path} cannot be read: {error.Message}", error);
        }

        return KeystoreV3.Decrypt(json, password);
    }

    // Beside its place first and then moved there.
    private static void WriteWhole(string path, byte[] json)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        var draft = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            using (var stream = new FileStream(draft, options))
            {
                stream.Write(json);
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, path);
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
