using FluentAssertions;

namespace BTTInferGrid.Link.Tests;

public sealed class PrintableTextTests
{
    private const string Hostile = "a\r\n\u001b[31mb\u202e\u2028\0é日";

    [Fact]
    public void OneLine_TextOfAStranger_IsShortAndPrintable() =>
        PrintableText.OneLine(Hostile + new string('x', 10_000), 500).Should().StartWith("a???[31mb???é日x").And.HaveLength(500);

    [Theory]
    [InlineData("", 10, "")]
    [InlineData("plain", 3, "pla")]
    [InlineData("plain", 0, "")]
    [InlineData("\ud83d\ude00", 10, "??")]
    public void OneLine_AnyText_IsCutToItsLength(string text, int length, string expected) =>
        PrintableText.OneLine(text, length).Should().Be(expected);

    [Fact]
    public void Clean_TextOfAStranger_KeepsLinesAndCannotSteerATerminal() =>
        PrintableText.Clean(Hostile + "\t😀\u200d\u2066\u061c").Should().Be("a?\n?[31mb???é日\t😀\u200d??");

    [Fact]
    public void OneLine_HalfACharacter_IsNone() => PrintableText.OneLine(new string((char)0xd83d, 1), 10).Should().Be("?");
}
