using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.SignIn;
using BTTInferGrid.Chain.Tests.Randomness;

namespace BTTInferGrid.Chain.Tests.SignIn;

/// <summary>Texts of messages that are right, and the same with something small changed.</summary>
internal sealed class RandomSignIn(TestRandom random)
{
    private static readonly string[] Domains =
    [
        "grid.example", "grid.example:8443", "user:x@grid.example", "[2001:db8::1]:80", "127.0.0.1", "a%20b.example",
        "A~b!$&'()*+,;=c",
    ];

    private static readonly string[] Uris =
    [
        "https://grid.example/sign-in", "https://user@grid.example:1/a/b//c?d=e&f/g?#h/?", "urn:isbn:0451450523", "a:",
        "a:/b", "did:example:123#key", "ipfs://bafy/", "https://[::1]:8/", "mailto:a%40b@c.example",
    ];

    // Some right after one line and wrong after another.
    private static readonly string[] Pieces =
    [
        "", " ", "\n", "\n\n", "\r", "\t", "\0", "a", "Z", "0", "9", "/", ":", "://", "?", "#", "[", "]", "@", "%",
        "%41", "%4g", "-", ".", "_", "~", "!", "\"", "<", "\\", "^", "{", "|", "é", "Z\n", "+00:00", "URI: ",
        "Nonce: ", "Not Before: 2030-01-01T00:00:00Z\n", "Request ID: a\n", "Resources:\n", "- ", "\n- a:b",
    ];

    public string Right()
    {
        return new SignInMessage
        {
            Scheme = random.Flip() ? "https" : null,
            Domain = Pick(Domains),
            Address = new Address(random.Bytes(20)),
            Statement = random.Flip() ? "Use the grid: https://grid.example/terms?a=b#c [d] @e!" : null,
            Uri = Pick(Uris),
            ChainId = (ulong)random.Number(53),
            Nonce = "abcdefgh12345678"[..(8 + random.Next(9))],
            IssuedAt = Time()!.Value,
            ExpirationTime = Time(random.Flip()),
            NotBefore = Time(random.Flip()),
            RequestId = random.Flip() ? Pick(["", "a", "a:b@c%20d"]) : null,
            Resources = random.Flip() ? [.. Enumerable.Range(0, random.Next(3)).Select(_ => Pick(Uris))] : null,
        }.Format();
    }

    /// <summary>A few characters are taken out, and something is put in.</summary>
    public string Changed()
    {
        var text = Right();
        var start = random.Next(text.Length);
        var end = Math.Min(text.Length, start + random.Next(3));
        return text[..start] + Pick(Pieces) + text[end..];
    }

    private DateTimeOffset? Time(bool isThere = true)
    {
        return isThere
            ? new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMilliseconds(random.Next(int.MaxValue))
            : null;
    }

    private string Pick(string[] from)
    {
        return from[random.Next(from.Length)];
    }
}
