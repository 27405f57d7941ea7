using System.Security.Cryptography;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Silo.Commands;

namespace BTTInferGrid.Silo.Wallets;

/// <summary>A private key in a file, in hex and without a password: the way from one program to another.</summary>
internal static class SecretFile
{
    private const int Digits = 2 * PrivateKey.Bytes;

    /// <exception cref="CommandException">The file has no key.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static PrivateKey Read(string path)
    {
        Span<char> text = stackalloc char[Digits + 8];
        using var reader = new StreamReader(path);
        var read = text[..reader.ReadBlock(text)];
        Span<byte> secret = stackalloc byte[PrivateKey.Bytes];
        try
        {
            var digits = read.Trim();
            digits = digits.StartsWith("0x") ? digits[2..] : digits;
            if (digits.Length != Digits
                || Convert.FromHexString(digits, secret, out _, out _) != System.Buffers.OperationStatus.Done)
            {
                throw NoKey(path);
            }

            return new PrivateKey(secret);
        }
        catch (PrivateKeyException)
        {
            throw NoKey(path);
        }
        finally
        {
            text.Clear();
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <exception cref="IOException">The file is there already, or cannot be written.</exception>
    public static void Write(string path, PrivateKey key)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        Span<byte> secret = stackalloc byte[PrivateKey.Bytes];
        key.CopyTo(secret);
        try
        {
            using var file = new FileStream(path, options);
            Span<byte> digits = stackalloc byte[Digits];
            Convert.TryToHexStringLower(secret, digits, out _);
            file.Write(digits);
            file.Write("\n"u8);
            CryptographicOperations.ZeroMemory(digits);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static CommandException NoKey(string path) =>
        new(
            ExitCode.WrongUsage, "wrong_key",
            $"{path} has no private key. It must be one line of {Digits} hex digits, with or without 0x.");
}
