using System.Text.Json;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Keystore;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Silo.Commands;

namespace BTTInferGrid.Silo.Wallets;

/// <summary>The wallets of a home folder: keystores of version 3, as other clients have them, one file for each.</summary>
/// <param name="home">The home folder.</param>
internal sealed class WalletStore(string home)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private string Folder => Path.Combine(home, "wallets");

    /// <summary>All wallets, the oldest first.</summary>
    public IReadOnlyList<WalletDocument> List() => !Directory.Exists(Folder)
        ? []
        : [.. Directory.EnumerateFiles(Folder, "UTC--*").Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>Keeps a key under a password.</summary>
    /// <exception cref="CommandException">There is a wallet of that address already.</exception>
    /// <exception cref="KeystoreException">It cannot be written.</exception>
    public WalletDocument Add(PrivateKey key, ReadOnlySpan<char> password)
    {
        if (List().Any(wallet => wallet.Address == key.Address.ToString()))
        {
            throw new CommandException(
                ExitCode.Failure, "wallet_exists",
                $"There is a wallet of {key.Address} in {Folder} already. Remove its file to replace it.");
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Folder);
        }
        else
        {
            Directory.CreateDirectory(Folder, OwnerOnly);
        }

        return new WalletDocument(
            key.Address.ToString(), KeystoreFile.Write(Folder, key, password, ScryptCost.Standard, TimeProvider.System));
    }

    /// <summary>The wallet that was asked for.</summary>
    /// <param name="wish">An address, a keystore's file, or null for the only wallet.</param>
    /// <exception cref="CommandException">There is none, or there are several.</exception>
    public WalletDocument Find(string? wish)
    {
        if (wish is not null && File.Exists(wish))
        {
            return Read(Path.GetFullPath(wish));
        }

        var wallets = List();
        var found = wish is null ? wallets : [.. wallets.Where(wallet => IsOf(wallet, wish))];
        return found switch
        {
            [var one] => one,
            [] => throw new CommandException(
                ExitCode.Failure, "no_wallet", wish is null
                    ? $"There is no wallet in {Folder}. Make one with 'bttgrid wallet new'."
                    : $"There is no wallet {wish} in {Folder}. 'bttgrid wallet list' shows those that are there."),
            _ => throw new CommandException(
                ExitCode.WrongUsage, "several_wallets", $"There are {found.Count} wallets in {Folder}. Name one with --wallet."),
        };
    }

    /// <summary>Opens the wallet that was asked for.</summary>
    /// <param name="wish">As of <see cref="Find"/>.</param>
    /// <param name="read">Reads the password; called once the wallet is found.</param>
    /// <returns>Its key, which the caller disposes.</returns>
    /// <exception cref="CommandException">There is none, there are several, or no password.</exception>
    /// <exception cref="KeystoreException">The password is wrong, or the file is damaged.</exception>
    public PrivateKey Open(string? wish, Func<Password> read)
    {
        var found = Find(wish);
        using var password = read();
        return KeystoreFile.Read(found.File, password.Text);
    }

    private static bool IsOf(WalletDocument wallet, string wish) =>
        string.Equals(wallet.Address, wish, StringComparison.OrdinalIgnoreCase);

    private static WalletDocument Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > KeystoreV3.MaxBytes)
            {
                throw new FormatException("it is too large.");
            }

            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var address = json.RootElement.GetProperty("address").GetString() ?? throw new FormatException("its address is null.");
            return new WalletDocument(
                Address.Parse(address.StartsWith("0x", StringComparison.Ordinal) ? address : "0x" + address).ToString(), path);
        }
        catch (Exception error) when (error is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw new CommandException(
                ExitCode.Failure, "wrong_keystore",
                $"{path} is no keystore of version 3 with an address: {error.Message} Move it away.", error);
        }
    }
}
