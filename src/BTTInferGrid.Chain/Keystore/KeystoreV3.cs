using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Keystore;

/// <summary>
/// A private key encrypted under a password, as the JSON that other clients read and write (Web3 Secret Storage,
/// version
/// 3). The password counts as its UTF-8 bytes, without normalization.
/// </summary>
public static class KeystoreV3
{
    /// <summary>The most bytes of a keystore that is read.</summary>
    public const int MaxBytes = 16 * 1024;

    private const int Version = 3;
    private const string Cipher = "aes-128-ctr";

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>Encrypts a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="password">The password, which the caller should zero after use.</param>
    /// <param name="cost">What a guess of the password costs.</param>
    /// <returns>The JSON, in UTF-8.</returns>
    /// <exception cref="KeystoreException">The cost is out of range.</exception>
    public static byte[] Encrypt(PrivateKey key, ReadOnlySpan<char> password, ScryptCost cost)
    {
        cost.Check();
        var derivation = new KeyDerivation.Scrypt(cost, RandomNumberGenerator.GetBytes(32));
        var initialVector = RandomNumberGenerator.GetBytes(KeystoreCipher.InitialVectorBytes);
        var derivedKey = Derive(derivation, password);
        var ciphertext = new byte[PrivateKey.Bytes];
        key.CopyTo(ciphertext);
        KeystoreCipher.Apply(derivedKey, initialVector, ciphertext);
        var mac = KeystoreCipher.Mac(derivedKey, ciphertext);
        CryptographicOperations.ZeroMemory(derivedKey);

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("id", Guid.NewGuid());
            json.WriteString("address", Convert.ToHexStringLower(key.Address.ToBytes()));
            json.WriteStartObject("crypto");
            json.WriteString("cipher", Cipher);
            json.WriteString("ciphertext", Convert.ToHexStringLower(ciphertext));
            json.WriteStartObject("cipherparams");
            json.WriteString("iv", Convert.ToHexStringLower(initialVector));
            json.WriteEndObject();
            json.WriteString("kdf", "scrypt");
            json.WriteStartObject("kdfparams");
            json.WriteNumber("dklen", KeyDerivation.KeyBytes);
            json.WriteNumber("n", cost.N);
            json.WriteNumber("r", cost.BlockSize);
            json.WriteNumber("p", cost.Parallelization);
            json.WriteString("salt", Convert.ToHexStringLower(derivation.Salt));
            json.WriteEndObject();
            json.WriteString("mac", Convert.ToHexStringLower(mac));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Decrypts a key.</summary>
    /// <param name="json">The JSON, in UTF-8.</param>
    /// <param name="password">The password, which the caller should zero after use.</param>
    /// <exception cref="WrongPasswordException">The password is another, or the keystore was changed.</exception>
    /// <exception cref="KeystoreException">It is no keystore of version 3, or costs more than is taken.</exception>
    public static PrivateKey Decrypt(ReadOnlyMemory<byte> json, ReadOnlySpan<char> password)
    {
        if (json.Length > MaxBytes)
        {
            throw new KeystoreException($"A keystore has at most {MaxBytes} bytes, and this one {json.Length}.");
        }

        try
        {
            using var document = JsonDocument.Parse(json, Options);
            return Decrypt(document.RootElement, password);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Of the second kind is what the JSON reader throws where a text is no UTF-8.
            throw new KeystoreException("The keystore is no JSON.", error);
        }
    }

    private static PrivateKey Decrypt(JsonElement root, ReadOnlySpan<char> password)
    {
        if (KeystoreJson.Number(root, "version") != Version)
        {
            throw new KeystoreException($"The keystore's version is not {Version}.");
        }

        // ethers and old wallets write it with a capital.
        var crypto = KeystoreJson.TryGet(root, "Crypto") ?? KeystoreJson.Get(root, "crypto");
        if (KeystoreJson.Text(crypto, "cipher") != Cipher)
        {
            throw new KeystoreException($"The keystore's cipher is not {Cipher}.");
        }

        var initialVector = KeystoreJson.Bytes(
            KeystoreJson.Get(crypto, "cipherparams"), "iv", KeystoreCipher.InitialVectorBytes,
            KeystoreCipher.InitialVectorBytes);
        var ciphertext = KeystoreJson.Bytes(crypto, "ciphertext", PrivateKey.Bytes, PrivateKey.Bytes);
        var mac = KeystoreJson.Bytes(crypto, "mac", Keccak.HashBytes, Keccak.HashBytes);
        var derivedKey = Derive(KeyDerivation.Read(crypto), password);
        try
        {
            if (!CryptographicOperations.FixedTimeEquals(mac, KeystoreCipher.Mac(derivedKey, ciphertext)))
            {
                throw new WrongPasswordException();
            }

            KeystoreCipher.Apply(derivedKey, initialVector, ciphertext);
            return CheckAddress(root, new PrivateKey(ciphertext));
        }
        catch (PrivateKeyException error)
        {
            throw new KeystoreException("The keystore opens, and what is in it is no private key.", error);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derivedKey);
            CryptographicOperations.ZeroMemory(ciphertext);
        }
    }

    // The address is optional and not under the MAC: a false one would send money where this key is of no use.
    private static PrivateKey CheckAddress(JsonElement root, PrivateKey key)
    {
        if (KeystoreJson.TryGet(root, "address") is null)
        {
            return key;
        }

        var text = KeystoreJson.Text(root, "address");
        var digits = text.StartsWith("0x", StringComparison.Ordinal) ? text.AsSpan(2) : text;
        if (HexText.ParseDigits(digits, Address.Bytes) is { } bytes
            && bytes.AsSpan().SequenceEqual(key.Address.ToBytes()))
        {
            return key;
        }

        key.Dispose();
        throw new KeystoreException(
            "The keystore opens, and names an address that is not its key's. Do not use that address.");
    }

    private static byte[] Derive(KeyDerivation derivation, ReadOnlySpan<char> password)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(password)];
        Encoding.UTF8.GetBytes(password, bytes);
        try
        {
            return derivation.Derive(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
