using System.Security.Cryptography;
using System.Text;

namespace BTTInferGrid.Front.Keys;

/// <summary>
/// The form of an API key: <c>sk-btt-</c>, 32 hex digits of randomness (128 bits), 8 hex digits of checksum. The checksum
/// tells a mistyped key from an unknown one without a look-up; it protects nothing.
/// </summary>
public static class ApiKey
{
    /// <summary>What every key begins with.</summary>
    public const string Prefix = "sk-btt-";

    private const int RandomDigits = 32;
    private const int ChecksumDigits = 8;

    /// <summary>Makes a new key.</summary>
    public static string Create()
    {
        var random = RandomNumberGenerator.GetHexString(RandomDigits, lowercase: true);
        return Prefix + random + Checksum(random);
    }

    /// <summary>Whether the text has the form of a key, checksum included.</summary>
    /// <param name="text">What a client sent, or what a file holds.</param>
    public static bool IsWellFormed(string text) =>
        text.Length == Prefix.Length + RandomDigits + ChecksumDigits
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text[^ChecksumDigits..] == Checksum(text[Prefix.Length..^ChecksumDigits]);

    /// <summary>What is stored of a key and compared: its SHA-256, in hex.</summary>
    /// <param name="key">The key.</param>
    public static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static string Checksum(string random) => Hash(random)[..ChecksumDigits];
}
