using System.Security.Cryptography;
using System.Text;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Mnemonics;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Anvil;

/// <summary>
/// The accounts that have coins on a local chain. Their keys come from a mnemonic that is made when the chain is, and
/// lies in its folder for its owner only; the chain itself knows their addresses alone.
/// </summary>
public sealed class AnvilAccounts
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;

    private AnvilAccounts(string path, IReadOnlyList<Address> addresses)
    {
        _path = path;
        Addresses = addresses;
    }

    /// <summary>The addresses of the accounts.</summary>
    public IReadOnlyList<Address> Addresses { get; }

    /// <summary>The private key of an account, which the caller disposes of.</summary>
    /// <param name="index">The place of the account in <see cref="Addresses"/>.</param>
    /// <exception cref="AnvilException">The file of the mnemonic is gone, or is not what it was.</exception>
    public PrivateKey OpenKey(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Addresses.Count);
        return DeriveKey(ReadMnemonic(_path), (uint)index, _path);
    }

    /// <exception cref="AnvilException">The mnemonic cannot be read or written, or others can read it.</exception>
    internal static AnvilAccounts LoadOrCreate(string folder, int count)
    {
        var path = Path.Combine(folder, "mnemonic");
        try
        {
            if (!File.Exists(path))
            {
                Write(path, Mnemonic.Create());
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AnvilException(
                $"{path} cannot be written: {error.Message} Make the folder writable, or name another.", error);
        }

        var mnemonic = ReadMnemonic(path);
        return new AnvilAccounts(
            path, [.. Enumerable.Range(0, count).Select(index => AddressOf(mnemonic, (uint)index, path))]);
    }

    private static PrivateKey DeriveKey(string mnemonic, uint index, string path)
    {
        byte[] bytes = [];
        try
        {
            bytes = Mnemonic.DeriveKey(mnemonic, index);
            return new PrivateKey(bytes);
        }
        catch (MnemonicException error)
        {
            throw new AnvilException(
                $"{path} holds no mnemonic: {error.Message} Restore it, or remove the folder to start a new chain.",
                error);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static Address AddressOf(string mnemonic, uint index, string path)
    {
        using var key = DeriveKey(mnemonic, index, path);
        return key.Address;
    }

    private static string ReadMnemonic(string path)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
            {
                throw new AnvilException(
                    $"{path} can be read by others. If nobody did, run 'chmod 600' on it; "
                    + "else remove the chain's folder to start a new one.");
            }

            return File.ReadAllText(path).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AnvilException(
                $"{path} cannot be read: {error.Message} Restore it, or remove the folder to start a new chain.",
                error);
        }
    }

    // Written beside and moved into place: a crash leaves no half a mnemonic.
    private static void Write(string path, string mnemonic)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        // A left-over draft would keep its own mode.
        var draft = path + ".new";
        File.Delete(draft);
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(Encoding.UTF8.GetBytes(mnemonic + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path);
    }
}
