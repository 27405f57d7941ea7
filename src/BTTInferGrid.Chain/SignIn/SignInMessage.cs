using System.Globalization;
using System.Text;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.SignIn;

/// <summary>What an account signs to sign in (EIP-4361, Sign-In with Ethereum).</summary>
public sealed record SignInMessage
{
    internal const string Greeting = " wants you to sign in with your Ethereum account:";

    /// <summary>The most characters of a message.</summary>
    public const int MaxCharacters = 8 * 1024;

    /// <summary>The scheme of the origin that asks, such as <c>https</c>; null if it is not said.</summary>
    public string? Scheme { get; init; }

    /// <summary>Who asks: an authority of RFC 3986, such as <c>grid.example:8080</c>.</summary>
    public required string Domain { get; init; }

    /// <summary>The account that signs in.</summary>
    public required Address Address { get; init; }

    /// <summary>
    /// What the person agrees to: one line of the characters that RFC 3986 reserves or not, and spaces.
    /// </summary>
    public string? Statement { get; init; }

    /// <summary>What is signed in to: a URI of RFC 3986.</summary>
    public required string Uri { get; init; }

    /// <summary>The EIP-155 id of the chain that the account is on.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>What makes the message valid once: 8 letters or digits or more.</summary>
    public required string Nonce { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>From when on it is not valid any more; null for never.</summary>
    public DateTimeOffset? ExpirationTime { get; init; }

    /// <summary>From when on it is valid; null for always.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The asker's name for the request: characters of a path's segment.</summary>
    public string? RequestId { get; init; }

    /// <summary>URIs of what the person agrees to besides; null if it has no such list.</summary>
    public IReadOnlyList<string>? Resources { get; init; }

    /// <summary>Reads a message, strictly by the grammar of EIP-4361.</summary>
    /// <param name="text">The text that was signed.</param>
    /// <exception cref="SignInException">It has another form: <see cref="SignInFault.Malformed"/>.</exception>
    public static SignInMessage Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new SignInParser(text).Read();
    }

    /// <summary>The text to be signed.</summary>
    /// <exception cref="SignInException">A part has a form that the grammar has not.</exception>
    public string Format()
    {
        var text = new StringBuilder();
        text.Append(Scheme is null ? "" : $"{Scheme}://").Append(Domain).Append(Greeting).Append('\n');
        text.Append(Address).Append("\n\n");
        text.Append(Statement is null ? "" : $"{Statement}\n").Append('\n');
        text.Append("URI: ").Append(Uri).Append("\nVersion: 1\nChain ID: ").Append(ChainId);
        text.Append("\nNonce: ").Append(Nonce).Append("\nIssued At: ").Append(Time(IssuedAt));
        text.Append(ExpirationTime is { } end ? $"\nExpiration Time: {Time(end)}" : "");
        text.Append(NotBefore is { } start ? $"\nNot Before: {Time(start)}" : "");
        text.Append(RequestId is null ? "" : $"\nRequest ID: {RequestId}");
        text.Append(Resources is null
            ? ""
            : $"\nResources:{string.Concat(Resources.Select(static uri => $"\n- {uri}"))}");

        // What could not be read, or would be read as something else, must not be signed.
        var formatted = text.ToString();
        var read = Parse(formatted);
        return read with { Resources = Resources } == this && (read.Resources ?? []).SequenceEqual(Resources ?? [])
            ? formatted
            : throw new SignInException(SignInFault.Malformed, "a part holds text that reads as another part.");
    }

    private static string Time(DateTimeOffset time)
    {
        return time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
    }
}
