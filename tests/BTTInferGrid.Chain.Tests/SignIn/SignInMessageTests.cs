using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.SignIn;

namespace BTTInferGrid.Chain.Tests.SignIn;

public sealed class SignInMessageTests
{
    // The example of EIP-4361.
    internal const string Example =
        """
        example.com wants you to sign in with your Ethereum account:
        0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2

        I accept the ExampleOrg Terms of Service: https://example.com/tos

        URI: https://example.com/login
        Version: 1
        Chain ID: 1
        Nonce: 32891756
        Issued At: 2021-09-30T16:25:24Z
        Resources:
        - ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/
        - https://example.com/my-web2-claim.json
        """;

    private static readonly SignInMessage Full = new()
    {
        Scheme = "https",
        Domain = "grid.example:8443",
        Address = Address.Parse("0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"),
        Statement = "Use the grid.",
        Uri = "https://grid.example:8443/sign-in?a=b#c",
        ChainId = 199,
        Nonce = "abcdefgh12345678",
        IssuedAt = new DateTimeOffset(2026, 11, 26, 12, 0, 0, 250, TimeSpan.Zero),
        ExpirationTime = new DateTimeOffset(2026, 11, 26, 12, 5, 0, TimeSpan.Zero),
        NotBefore = new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero),
        RequestId = "some-request:1",
        Resources = ["urn:a", "https://[::1]/b"],
    };

    [Fact]
    public void Parse_OfExampleOfEip4361_HasItsParts()
    {
        var message = SignInMessage.Parse(Example);

        Assert.Null(message.Scheme);
        Assert.Equal("example.com", message.Domain);
        Assert.Equal("0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2", message.Address.ToString());
        Assert.Equal("I accept the ExampleOrg Terms of Service: https://example.com/tos", message.Statement);
        Assert.Equal("https://example.com/login", message.Uri);
        Assert.Equal(1ul, message.ChainId);
        Assert.Equal("32891756", message.Nonce);
        Assert.Equal(new DateTimeOffset(2021, 9, 30, 16, 25, 24, TimeSpan.Zero), message.IssuedAt);
        Assert.Null(message.ExpirationTime);
        Assert.Null(message.NotBefore);
        Assert.Null(message.RequestId);
        Assert.Equal(2, message.Resources!.Count);
        Assert.Equal(Example, message.Format());
    }

    [Fact]
    public void Format_OfAllParts_IsReadBack()
    {
        var read = SignInMessage.Parse(Full.Format());

        Assert.Equal(Full with { Resources = null }, read with { Resources = null });
        Assert.Equal(Full.Resources, read.Resources);
    }

    [Fact]
    public void Format_OfLeastParts_IsReadBack()
    {
        var least = new SignInMessage
        {
            Domain = "a",
            Address = Full.Address,
            Uri = "a:",
            ChainId = 0,
            Nonce = "12345678",
            IssuedAt = Full.IssuedAt,
        };

        Assert.Equal(least, SignInMessage.Parse(least.Format()));
    }

    public static TheoryData<string, SignInMessage> Unclear => new()
    {
        { "statement with a line", Full with { Statement = "Nothing.\n\nURI: https://evil.example" } },
        { "empty statement", Full with { Statement = "" } },
        { "statement with a quote", Full with { Statement = "\"" } },
        { "statement in another script", Full with { Statement = "é" } },
        { "domain with a greeting", Full with { Domain = "a" + SignInMessage.Greeting + "\n0x" } },
        { "domain with a path", Full with { Domain = "grid.example/" } },
        { "empty domain", Full with { Domain = "" } },
        { "scheme with a colon", Full with { Scheme = "a://b" } },
        { "URI with a line", Full with { Uri = "https://grid.example\nVersion: 1" } },
        { "URI without a scheme", Full with { Uri = "grid.example" } },
        { "short nonce", Full with { Nonce = "1234567" } },
        { "nonce with a dash", Full with { Nonce = "1234-5678" } },
        { "request with a slash", Full with { RequestId = "a/b" } },
        { "resource with a line", Full with { Resources = ["urn:a\n- urn:b"] } },
        { "resource that is no URI", Full with { Resources = ["a b"] } },
        { "too long", Full with { Statement = new string('a', SignInMessage.MaxCharacters) } },
    };

    [Theory]
    [MemberData(nameof(Unclear))]
    public void Format_OfPartOutsideTheGrammar_Throws(string problem, SignInMessage message)
    {
        Assert.True(Record.Exception(message.Format) is SignInException { Fault: SignInFault.Malformed }, problem);
    }

    [Theory]
    [InlineData("example.com wants", "https://example.com wants")]
    [InlineData("example.com wants", "user@example.com:80 wants")]
    [InlineData("example.com wants", "[2001:db8::1]:443 wants")]
    [InlineData("example.com wants", "127.0.0.1 wants")]
    [InlineData("example.com wants", "ex%41mple wants")]
    [InlineData("24Z", "24z")]
    [InlineData("24Z", "24.123456789Z")]
    [InlineData("24Z", "24+02:00")]
    [InlineData("T16", "t16")]
    [InlineData("24Z", "24Z\nExpiration Time: 2021-09-30T16:25:25Z\nNot Before: 2021-09-30T16:25:24Z\nRequest ID: ")]
    [InlineData("Nonce: 32891756", "Nonce: 32891756abcXYZ")]
    [InlineData("https://example.com/login", "did:example:123?a/b?c#d/e?f")]
    [InlineData("https://example.com/login", "a:/")]
    [InlineData("https://example.com/login", "a://")]
    [InlineData("https://example.com/login", "https://example.com//a")]
    [InlineData("Chain ID: 1\n", "Chain ID: 18446744073709551615\n")]
    public void Parse_OfOtherTextInTheGrammar_IsAccepted(string part, string replacement)
    {
        Assert.Contains(part, Example);
        Assert.NotNull(SignInMessage.Parse(Example.Replace(part, replacement)));
    }

    [Theory]
    [InlineData("example.com wants", " wants")]
    [InlineData("example.com wants", "example.com/ wants")]
    [InlineData("example.com wants", "example.com  wants")]
    [InlineData("example.com wants", "exämple.com wants")]
    [InlineData("example.com wants", "1http://example.com wants")]
    [InlineData("example.com wants", "://example.com wants")]
    [InlineData("example.com wants", "[::g]:443 wants")]
    [InlineData("example.com wants", "[1:2:3]:443 wants")]
    [InlineData("example.com wants", "[1]:443 wants")]
    [InlineData("example.com wants", "[127.0.0.1]:443 wants")]
    [InlineData("example.com wants", "example.com:http wants")]
    [InlineData("example.com wants", "ex%4gmple wants")]
    [InlineData("example.com wants", "a@b@example.com wants")]
    [InlineData("wants you", "Wants you")]
    [InlineData("0xC02aaA", "0xc02aaA")]
    [InlineData("0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2", "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2")]
    [InlineData("0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2", "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc")]
    [InlineData("Cc2\n\n", "Cc2\n")]
    [InlineData("Cc2\n\n", "Cc2\n\n\n")]
    [InlineData("tos\n\n", "tos\n")]
    [InlineData("tos\n\n", "tos\ntwo\n\n")]
    [InlineData("URI: https://example.com/login", "URI: /login")]
    [InlineData("URI: https://example.com/login", "URI: https://example.com/lo gin")]
    [InlineData("URI: https://example.com/login", "URI: https://example.com/#a#b")]
    [InlineData("URI: https://example.com/login", "uri: https://example.com/login")]
    [InlineData("URI: ", "URI:")]
    [InlineData("URI: ", "URI:  ")]
    [InlineData("Version: 1", "Version: 2")]
    [InlineData("Version: 1", "Version: 01")]
    [InlineData("Version: 1\n", "")]
    [InlineData("Chain ID: 1", "Chain ID: ")]
    [InlineData("Chain ID: 1", "Chain ID: 0x1")]
    [InlineData("Chain ID: 1", "Chain ID: -1")]
    [InlineData("Chain ID: 1", "Chain ID: 1\0")]
    [InlineData("I accept the ExampleOrg Terms of Service: https://example.com/tos", "")]
    [InlineData("Chain ID: 1", "Chain ID: 18446744073709551616")]
    [InlineData("Nonce: 32891756", "Nonce: 3289175")]
    [InlineData("Nonce: 32891756", "Nonce: 32891756!")]
    [InlineData("24Z", "24")]
    [InlineData("24Z", "24.Z")]
    [InlineData("24Z", "24+0200")]
    [InlineData("24Z", "24+25:00")]
    [InlineData("24Z", "61Z")]
    [InlineData("09-30T", "09-31T")]
    [InlineData("09-30T", "9-30T")]
    [InlineData("09-30T", "09-30 ")]
    [InlineData("2021-", "٢٠٢١-")]
    [InlineData("24Z", "24Z\nNot Before: 2021-09-30T16:25:24Z\nExpiration Time: 2021-09-30T16:25:25Z")]
    [InlineData("24Z", "24Z\nExpiration Time: never")]
    [InlineData("24Z", "24Z\nRequest ID: a b")]
    [InlineData("24Z", "24Z\nOther: a")]
    [InlineData("Resources:", "Resources: ")]
    [InlineData("- ipfs", "-ipfs")]
    [InlineData("- ipfs", "* ipfs")]
    [InlineData("json", "json\n")]
    [InlineData("json", "json\n\nURI: https://evil.example")]
    [InlineData("\n", "\r\n")]
    [InlineData("json", "json\0")]
    public void Parse_OfTextOutsideTheGrammar_Throws(string part, string replacement)
    {
        Assert.Contains(part, Example);
        var error = Assert.Throws<SignInException>(() => SignInMessage.Parse(Example.Replace(part, replacement)));

        Assert.Equal(SignInFault.Malformed, error.Fault);
    }

    [Fact]
    public void Parse_OfCutMessage_Throws()
    {
        // Without its list of resources a message is whole as well, and so it is with less of a URI or a time at its
        // end.
        var whole = Example.IndexOf("Issued At: ", StringComparison.Ordinal);
        for (var length = 0; length < whole; length++)
        {
            Assert.Throws<SignInException>(() => SignInMessage.Parse(Example[..length]));
        }
    }
}
