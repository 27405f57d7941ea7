using System.Globalization;
using System.Numerics;

namespace BTTInferGrid.Chain.Primitives;

/// <summary>
/// Amounts of money: whole numbers of wei, the 10^18th part of a BTT, from 0 to <see cref="Max"/>, the most that a
/// contract can hold. They are text only towards people, and never a floating-point number.
/// </summary>
public static class Wei
{
    private const int Decimals = 18;

    // Of the greatest amount: 60 digits, a point and 18 more.
    private const int MaxCharacters = 79;

    /// <summary>The greatest amount: 2^256 - 1.</summary>
    public static BigInteger Max { get; } = (BigInteger.One << 256) - 1;

    private static BigInteger Btt { get; } = BigInteger.Pow(10, Decimals);

    /// <summary>Whether a number is an amount: from 0 to <see cref="Max"/>.</summary>
    /// <param name="number">The number.</param>
    public static bool IsAmount(BigInteger number)
    {
        return number.Sign >= 0 && number <= Max;
    }

    /// <summary>
    /// Reads an amount of BTT, such as <c>12</c> or <c>0.5</c>: digits, and up to 18 more after a point.
    /// </summary>
    /// <param name="text">The amount, without sign, exponent, spaces or separators.</param>
    /// <returns>Wei.</returns>
    /// <exception cref="FormatException">
    /// The text is no such amount, or the amount is above <see cref="Max"/>.
    /// </exception>
    public static BigInteger ParseBtt(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Length <= MaxCharacters ? text.Split('.') : [];
        var isAmount = parts.Length is 1 or 2 && Array.TrueForAll(parts, IsDigits)
            && (parts.Length == 1 || parts[1].Length <= Decimals);
        if (!isAmount)
        {
            throw new FormatException("An amount of BTT is digits, and up to 18 more after a point, like 12 or 0.5.");
        }

        var fraction = (parts.Length == 2 ? parts[1] : "").PadRight(Decimals, '0');
        var wei = BigInteger.Parse(parts[0] + fraction, NumberStyles.None, CultureInfo.InvariantCulture);
        return wei <= Max ? wei : throw new FormatException("An amount is at most 2^256 - 1 wei, some 1.16e59 BTT.");
    }

    /// <summary>Writes an amount in BTT: all of its digits, and no zeros at the end.</summary>
    /// <param name="wei">Wei.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is no amount.</exception>
    public static string FormatBtt(BigInteger wei)
    {
        if (!IsAmount(wei))
        {
            throw new ArgumentOutOfRangeException(nameof(wei), wei, "An amount is from 0 to 2^256 - 1 wei.");
        }

        var whole = BigInteger.DivRem(wei, Btt, out var rest);
        return rest.IsZero
            ? whole.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{whole}.{rest:D18}").TrimEnd('0');
    }

    private static bool IsDigits(string text)
    {
        return text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');
    }
}
