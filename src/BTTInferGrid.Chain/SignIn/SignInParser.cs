using System.Globalization;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.SignIn;

/// <summary>Reads the lines of a message in their order.</summary>
internal sealed class SignInParser
{
    private readonly string[] _lines;
    private int _next;

    /// <exception cref="SignInException">The text is too long.</exception>
    public SignInParser(string text)
    {
        if (text.Length > SignInMessage.MaxCharacters)
        {
            throw Malformed($"it has more than {SignInMessage.MaxCharacters} characters.");
        }

        _lines = text.Split('\n');
    }

    /// <exception cref="SignInException">The text is no such message.</exception>
    public SignInMessage Read()
    {
        var (scheme, domain) = ReadOrigin();
        var address = ReadAddress();
        RequireEmpty();
        var statement = ReadStatement();
        RequireEmpty();
        var uri = Require("URI: ", SignInGrammar.IsUri);
        Require("Version: ", static version => version == "1");
        var chainId = ulong.Parse(Require("Chain ID: ", SignInGrammar.IsChainId), CultureInfo.InvariantCulture);
        var nonce = Require("Nonce: ", SignInGrammar.IsNonce);
        var issuedAt = SignInGrammar.Time(Require("Issued At: ", IsTime))!.Value;
        var expirationTime = Find("Expiration Time: ", IsTime);
        var notBefore = Find("Not Before: ", IsTime);
        var requestId = Find("Request ID: ", SignInGrammar.IsRequestId);
        var resources = ReadResources();
        if (_next != _lines.Length)
        {
            throw Malformed("a line is in another place, or not of its grammar.");
        }

        return new SignInMessage
        {
            Scheme = scheme,
            Domain = domain,
            Address = address,
            Statement = statement,
            Uri = uri,
            ChainId = chainId,
            Nonce = nonce,
            IssuedAt = issuedAt,
            ExpirationTime = expirationTime is null ? null : SignInGrammar.Time(expirationTime),
            NotBefore = notBefore is null ? null : SignInGrammar.Time(notBefore),
            RequestId = requestId,
            Resources = resources,
        };
    }

    private static bool IsTime(string text)
    {
        return SignInGrammar.Time(text) is not null;
    }

    private static SignInException Malformed(string problem)
    {
        return new SignInException(SignInFault.Malformed, $"the message does not have the form of EIP-4361: {problem}");
    }

    private (string? Scheme, string Domain) ReadOrigin()
    {
        var line = Next();
        if (!line.EndsWith(SignInMessage.Greeting, StringComparison.Ordinal))
        {
            throw Malformed("its first line is not that of a sign-in.");
        }

        var origin = line[..^SignInMessage.Greeting.Length];
        var mark = origin.IndexOf("://", StringComparison.Ordinal);
        var scheme = mark < 0 ? null : origin[..mark];
        var domain = mark < 0 ? origin : origin[(mark + 3)..];
        return (scheme is null || SignInGrammar.IsScheme(scheme)) && SignInGrammar.IsAuthority(domain)
            ? (scheme, domain)
            : throw Malformed("its domain is no authority of RFC 3986, or its scheme none.");
    }

    private Address ReadAddress()
    {
        var line = Next();
        try
        {
            var address = Address.Parse(line);
            return address.ToString() == line ? address : throw Malformed("its address has no checksum (EIP-55).");
        }
        catch (FormatException error)
        {
            throw new SignInException(SignInFault.Malformed, error.Message, error);
        }
    }

    private string? ReadStatement()
    {
        if (_next < _lines.Length && _lines[_next].Length == 0)
        {
            return null;
        }

        var line = Next();
        return SignInGrammar.IsStatement(line)
            ? line
            : throw Malformed("its statement has characters that are not allowed.");
    }

    private List<string>? ReadResources()
    {
        if (_next == _lines.Length || _lines[_next] != "Resources:")
        {
            return null;
        }

        _next++;
        var resources = new List<string>();
        while (Find("- ", SignInGrammar.IsUri) is { } uri)
        {
            resources.Add(uri);
        }

        return resources;
    }

    private string Next()
    {
        return _next < _lines.Length ? _lines[_next++] : throw Malformed("it ends too soon.");
    }

    private void RequireEmpty()
    {
        if (Next().Length != 0)
        {
            throw Malformed("a line that should be empty is not.");
        }
    }

    private string Require(string label, Func<string, bool> isRight)
    {
        return Find(label, isRight)
            ?? throw Malformed($"its line '{label.TrimEnd()}' is missing, in another place, or wrong.");
    }

    /// <returns>Null if the line is another, or what comes after the label is not right.</returns>
    private string? Find(string label, Func<string, bool> isRight)
    {
        if (_next == _lines.Length || !_lines[_next].StartsWith(label, StringComparison.Ordinal))
        {
            return null;
        }

        var value = _lines[_next][label.Length..];
        if (!isRight(value))
        {
            return null;
        }

        _next++;
        return value;
    }
}
