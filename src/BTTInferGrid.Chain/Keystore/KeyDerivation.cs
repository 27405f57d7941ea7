using System.Security.Cryptography;
using System.Text.Json;

namespace BTTInferGrid.Chain.Keystore;

/// <summary>How a keystore makes a key of a password: scrypt, or PBKDF2 with HMAC-SHA-256.</summary>
internal abstract record KeyDerivation(byte[] Salt)
{
    /// <summary>The first half is AES' key, the second the MAC's.</summary>
    public const int KeyBytes = 32;

    private const int MaxSaltBytes = 64;

    /// <summary>A key of 32 bytes, which the caller zeroes.</summary>
    public abstract byte[] Derive(byte[] password);

    /// <exception cref="KeystoreException">The function is another, or a parameter is out of range.</exception>
    public static KeyDerivation Read(JsonElement crypto)
    {
        var parameters = KeystoreJson.Get(crypto, "kdfparams");
        if (KeystoreJson.Number(parameters, "dklen") != KeyBytes)
        {
            throw new KeystoreException($"The keystore's dklen is not {KeyBytes}.");
        }

        var salt = KeystoreJson.Bytes(parameters, "salt", 1, MaxSaltBytes);
        return KeystoreJson.Text(crypto, "kdf") switch
        {
            "scrypt" => ReadScrypt(parameters, salt),
            "pbkdf2" => ReadPbkdf2(parameters, salt),
            _ => throw new KeystoreException("The keystore's kdf is neither scrypt nor pbkdf2."),
        };
    }

    private static Scrypt ReadScrypt(JsonElement parameters, byte[] salt)
    {
        var cost = new ScryptCost(
            KeystoreJson.Number(parameters, "n"), KeystoreJson.Number(parameters, "r"),
            KeystoreJson.Number(parameters, "p"));
        cost.Check();
        return new Scrypt(cost, salt);
    }

    private static Pbkdf2 ReadPbkdf2(JsonElement parameters, byte[] salt)
    {
        if (KeystoreJson.Text(parameters, "prf") != "hmac-sha256")
        {
            throw new KeystoreException("The keystore's prf is not hmac-sha256.");
        }

        var rounds = KeystoreJson.Number(parameters, "c");
        return rounds is >= 1 and <= Pbkdf2.MaxRounds
            ? new Pbkdf2(rounds, salt)
            : throw new KeystoreException($"The keystore's c is not from 1 to {Pbkdf2.MaxRounds}.");
    }

    internal sealed record Scrypt(ScryptCost Cost, byte[] Salt) : KeyDerivation(Salt)
    {
        public override byte[] Derive(byte[] password)
        {
            return ScryptFunction.Derive(password, Salt, Cost, KeyBytes);
        }
    }

    internal sealed record Pbkdf2(int Rounds, byte[] Salt) : KeyDerivation(Salt)
    {
        /// <summary>Some seconds; other clients write 262,144.</summary>
        public const int MaxRounds = 10_000_000;

        public override byte[] Derive(byte[] password)
        {
            return Rfc2898DeriveBytes.Pbkdf2(password, Salt, Rounds, HashAlgorithmName.SHA256, KeyBytes);
        }
    }
}
