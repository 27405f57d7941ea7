using System.Text;
using FluentAssertions;

namespace BTTInferGrid.Link.Tests;

public sealed class LinkChallengeTests
{
    [Fact]
    public void ToBytes_IsThePublishedText()
    {
        var challenge = new LinkChallenge(
            "grid-1", "[::1]", "miner", Bytes(0x00), Bytes(0xe0), 1_800_000_000);

        // Other implementations sign this text: it never changes within a version of the protocol.
        Encoding.UTF8.GetString(challenge.ToBytes()).Should().Be(
            "bttgrid.link.v1\n"
            + "grid: grid-1\n"
            + "audience: [::1]\n"
            + "role: miner\n"
            + "node: 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
            + "challenge: e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff\n"
            + "expires: 1800000000");
    }

    [Theory]
    [InlineData("grid-1", true)]
    [InlineData("front.example", true)]
    [InlineData("10.0.0.1", true)]
    [InlineData("[2001:db8::1]", true)]
    [InlineData("", false)]
    [InlineData("two words", false)]
    [InlineData("a\nrole: validator", false)]
    [InlineData("a\r", false)]
    [InlineData("a\0", false)]
    [InlineData("a/b", false)]
    [InlineData("grïd", false)]
    [InlineData("\ud800", false)]
    public void IsName_Texts(string text, bool expected)
    {
        LinkChallenge.IsName(text).Should().Be(expected);
    }

    [Fact]
    public void IsName_LongestText_IsAcceptedAndOneLongerIsNot()
    {
        LinkChallenge.IsName(new string('a', LinkChallenge.MaxNameLength)).Should().BeTrue();
        LinkChallenge.IsName(new string('a', LinkChallenge.MaxNameLength + 1)).Should().BeFalse();
    }

    [Theory]
    [InlineData("0xabc123", true)]
    [InlineData("p256-00ff", true)]
    [InlineData("a.b_c-D", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("a:b", false)]
    [InlineData("ä", false)]
    [InlineData("a\n2026 forged line", false)]
    public void NodeIdentity_Texts(string? identity, bool expected)
    {
        NodeIdentity.IsValid(identity).Should().Be(expected);
    }

    [Fact]
    public void NodeIdentity_LongestText_IsAcceptedAndOneLongerIsNot()
    {
        NodeIdentity.IsValid(new string('a', NodeIdentity.MaxLength)).Should().BeTrue();
        NodeIdentity.IsValid(new string('a', NodeIdentity.MaxLength + 1)).Should().BeFalse();
    }

    private static byte[] Bytes(int first) =>
        [.. Enumerable.Range(first, LinkProtocol.NonceBytes).Select(static one => (byte)one)];
}
