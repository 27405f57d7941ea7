using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace BTTInferGrid.Chain.SignIn;

/// <summary>The rules of EIP-4361's grammar, with those of RFC 3986 and RFC 3339 that it uses.</summary>
internal static partial class SignInGrammar
{
    private const string Unreserved = @"A-Za-z0-9\-._~";
    private const string SubDelimiters = "!$&'()*+,;=";
    private const string Encoded = "%[0-9A-Fa-f]{2}";
    private const string PathCharacter = $"(?:[{Unreserved}{SubDelimiters}:@]|{Encoded})";
    private const string SchemeRule = @"[A-Za-z][A-Za-z0-9+\-.]*";

    private const string AuthorityRule =
        $@"(?:(?:[{Unreserved}{SubDelimiters}:]|{Encoded})*@)?"
        + $@"(?:\[(?:(?<ip>[0-9A-Fa-f:.]+)|[vV][0-9A-Fa-f]+\.[{Unreserved}{SubDelimiters}:]+)\]"
        + $"|(?:[{Unreserved}{SubDelimiters}]|{Encoded})*)"
        + "(?::[0-9]*)?";

    private const string PathRule =
        $"(?://{AuthorityRule}(?:/{PathCharacter}*)*|/?(?:{PathCharacter}+(?:/{PathCharacter}*)*)?)";
    private const string RestRule = $"(?:{PathCharacter}|[/?])*";

    public static bool IsScheme(string text) => Scheme().IsMatch(text);

    /// <summary>An authority that names someone.</summary>
    public static bool IsAuthority(string text) => text.Length > 0 && HasRightIp(Authority().Match(text));

    public static bool IsUri(string text) => HasRightIp(Uri().Match(text));

    public static bool IsStatement(string text) => Statement().IsMatch(text);

    public static bool IsNonce(string text) => Nonce().IsMatch(text);

    public static bool IsRequestId(string text) => RequestId().IsMatch(text);

    /// <summary>In 64 bits.</summary>
    public static bool IsChainId(string text)
    {
        // The parser of numbers takes zero characters at the end, which the grammar has not.
        return Digits().IsMatch(text) && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }

    /// <returns>Null if it is no time of RFC 3339, or one that is in no calendar, or a leap second.</returns>
    public static DateTimeOffset? Time(string text)
    {
        var match = TimeText().Match(text);
        if (!match.Success)
        {
            return null;
        }

        // A tick is the seventh digit of a second; more are cut off.
        var fraction = match.Groups["fraction"].Value;
        var ticks = fraction[..Math.Min(fraction.Length, 7)].PadRight(7, '0');
        var zone = match.Groups["zone"].Value is var offset && char.ToUpperInvariant(offset[0]) == 'Z'
            ? "+00:00"
            : offset;
        return DateTimeOffset.TryParseExact(
            $"{match.Groups["date"].Value}T{match.Groups["time"].Value}.{ticks}{zone}",
            "yyyy-MM-dd'T'HH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : null;
    }

    // The parser of addresses takes numbers in brackets for IPv4.
    private static bool HasRightIp(Match match)
    {
        var ip = match.Groups["ip"];
        return match.Success
            && (!ip.Success || (IPAddress.TryParse(ip.Value, out var address)
                && address.AddressFamily == AddressFamily.InterNetworkV6));
    }

    [GeneratedRegex(@"\A[0-9]+\z")]
    private static partial Regex Digits();

    [GeneratedRegex($@"\A{SchemeRule}\z")]
    private static partial Regex Scheme();

    [GeneratedRegex($@"\A{AuthorityRule}\z")]
    private static partial Regex Authority();

    [GeneratedRegex($@"\A{SchemeRule}:{PathRule}(?:\?{RestRule})?(?:\#{RestRule})?\z")]
    private static partial Regex Uri();

    [GeneratedRegex($@"\A[{Unreserved}{SubDelimiters}:/?\#\[\]@ ]+\z")]
    private static partial Regex Statement();

    [GeneratedRegex(@"\A[A-Za-z0-9]{8,}\z")]
    private static partial Regex Nonce();

    [GeneratedRegex($@"\A{PathCharacter}*\z")]
    private static partial Regex RequestId();

    [GeneratedRegex(
        @"\A(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt](?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.(?<fraction>[0-9]+))?"
        + @"(?<zone>[Zz]|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex TimeText();
}
