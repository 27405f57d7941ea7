using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace BTTInferGrid.Chain.Mnemonics;

/// <summary>
/// Twelve words that stand for 128 random bits (BIP-39), from which keys are derived (BIP-32) on Ethereum's path
/// <c>m/44'/60'/0'/0/index</c> (BIP-44).
/// </summary>
internal static class Mnemonic
{
    private const int WordCount = 12;
    private const int BitsPerWord = 11;
    private const int EntropyBytes = 16;
    private const int ChecksumBits = 4;
    private const int SeedRounds = 2048;
    private const int SeedBytes = 64;
    private const uint Hardened = 0x8000_0000;

    /// <summary>A new mnemonic, from the system's randomness.</summary>
    public static string Create()
    {
        Span<byte> entropy = stackalloc byte[EntropyBytes];
        RandomNumberGenerator.Fill(entropy);
        var words = FromEntropy(entropy);
        CryptographicOperations.ZeroMemory(entropy);
        return words;
    }

    /// <summary>The words of 128 bits: eleven bits each, the last four of which check the rest.</summary>
    public static string FromEntropy(ReadOnlySpan<byte> entropy)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(entropy.Length, EntropyBytes);
        var bits = BinaryPrimitives.ReadUInt128BigEndian(entropy);
        var words = new string[WordCount];
        for (var i = 0; i < WordCount; i++)
        {
            // The last word has seven bits of entropy and the checksum.
            var index = i < WordCount - 1
                ? (int)(bits >> (128 - (BitsPerWord * (i + 1)))) & 0x7ff
                : (((int)bits & 0x7f) << ChecksumBits) | Checksum(entropy);
            words[i] = WordList.Words[index];
        }

        return string.Join(' ', words);
    }

    /// <exception cref="MnemonicException">The words are not those of a mnemonic.</exception>
    public static void Check(string mnemonic)
    {
        var words = mnemonic.Split(' ');
        if (words.Length != WordCount)
        {
            throw new MnemonicException($"{words.Length} words.");
        }

        var entropy = UInt128.Zero;
        var last = 0;
        foreach (var word in words)
        {
            last = WordList.IndexOf(word);
            if (last < 0)
            {
                throw new MnemonicException("a word is not in the list.");
            }

            entropy = (entropy << BitsPerWord) | (uint)last;
        }

        // The first four of the 132 bits were pushed out: the bits before the checksum are put together again.
        var first = (UInt128)(uint)WordList.IndexOf(words[0]);
        entropy = (entropy >> ChecksumBits) | (first << (128 - BitsPerWord));
        Span<byte> bytes = stackalloc byte[EntropyBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, entropy);
        var isRight = Checksum(bytes) == (last & 0xf);
        CryptographicOperations.ZeroMemory(bytes);
        if (!isRight)
        {
            throw new MnemonicException("the checksum is wrong, so a word is wrong or out of place.");
        }
    }

    /// <summary>The private key of an account: 32 bytes, to be zeroed by the caller.</summary>
    /// <exception cref="MnemonicException">The words are not those of a mnemonic.</exception>
    public static byte[] DeriveKey(string mnemonic, uint index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Hardened);
        Check(mnemonic);
        var seed = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(mnemonic), "mnemonic"u8, SeedRounds, HashAlgorithmName.SHA512, SeedBytes);
        using var key = new ExtendedKey(seed);
        CryptographicOperations.ZeroMemory(seed);
        foreach (var step in (ReadOnlySpan<uint>)[44 | Hardened, 60 | Hardened, Hardened, 0, index])
        {
            key.Descend(step);
        }

        return key.CopySecret();
    }

    private static int Checksum(ReadOnlySpan<byte> entropy)
    {
        return SHA256.HashData(entropy)[0] >> ChecksumBits;
    }
}
