using System.Text;

namespace BTTInferGrid.Inference.Tests.Vocabularies;

public class TokenTextTests
{
    [Fact]
    public void Append_MultiByteCharacterSplit_ComesOutWhole()
    {
        var text = new TokenText(table: null, []);
        var bytes = "é😀"u8.ToArray();

        var parts = bytes.Select(b => text.Append([b])).ToList();

        Assert.Equal(["", "é", "", "", "", "😀"], parts);
        Assert.Equal("", text.Finish());
    }

    [Fact]
    public void Finish_IncompleteCharacter_BecomesTheReplacementCharacter()
    {
        var text = new TokenText(table: null, []);
        Assert.Equal("a", text.Append([(byte)'a', 0xF0, 0x9F]));
        Assert.Equal("\uFFFD", text.Finish());
    }

    [Fact]
    public void Append_BytesThatAreNoText_BecomeReplacementCharacters()
    {
        var text = new TokenText(table: null, []);
        Assert.Equal("\uFFFDa\uFFFD", text.Append([0xFF, (byte)'a', 0x80]));
    }

    [Fact]
    public void Append_StopStringAcrossTokens_EndsTheTextBeforeIt()
    {
        var text = new TokenText(table: null, ["END"]);

        Assert.Equal("one ", text.Append("one E"u8));
        Assert.Null(text.Stop);
        Assert.Equal("", text.Append("N"u8));
        Assert.Equal("", text.Append("D two"u8));
        Assert.Equal("END", text.Stop);
        Assert.Equal("", text.Append("three"u8));
        Assert.Equal("", text.Finish());
    }

    [Fact]
    public void Characters_ReadAndGiven_AreCodePointsAndLeaveOutTheStopString()
    {
        var text = new TokenText(table: null, ["END"]);

        text.Append("😀é E"u8);
        Assert.Equal((4, 3), (text.CharactersRead, text.CharactersGiven));
        text.Append("ND"u8);

        Assert.Equal((6, 3), (text.CharactersRead, text.CharactersGiven));
    }

    [Fact]
    public void Append_BeginningOfAStopStringThatGoesOnOtherwise_IsGivenOut()
    {
        var text = new TokenText(table: null, ["END"]);
        Assert.Equal("", text.Append("EN"u8));
        Assert.Equal("ENT", text.Append("T"u8));
        Assert.Equal("", text.Append("E"u8));
        Assert.Equal("E", text.Finish());
        Assert.Null(text.Stop);
    }

    [Fact]
    public void Append_SeveralStops_TheOneThatEndsFirstWins()
    {
        var text = new TokenText(table: null, ["abcde", "bcd"]);
        Assert.Equal("xa", text.Append("xabcdef"u8));
        Assert.Equal("bcd", text.Stop);
    }

    [Fact]
    public void Append_AnyTextInAnyPieces_EqualsTheWholeTextUpToTheStop()
    {
        const int seed = 20260101;
        var random = new Random(seed);
        string[] alphabet = ["a", "b", "é", "😀"];
        string Word(int most) => string.Concat(Enumerable.Range(0, random.Next(1, most))
            .Select(_ => alphabet[random.Next(alphabet.Length)]));

        for (var round = 0; round < 3000; round++)
        {
            var whole = Word(30);
            string[] stops = [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => Word(5))];
            var (expected, stop) = UpToFirstStop(whole, stops);

            var text = new TokenText(table: null, stops);
            var bytes = Encoding.UTF8.GetBytes(whole);
            var actual = new StringBuilder();
            for (var at = 0; at < bytes.Length;)
            {
                var length = Math.Min(random.Next(1, 6), bytes.Length - at);
                actual.Append(text.Append(bytes.AsSpan(at, length)));
                Assert.StartsWith(actual.ToString(), expected, StringComparison.Ordinal);
                at += length;
            }

            actual.Append(text.Finish());
            Assert.True(
                expected == actual.ToString() && stop == text.Stop,
                $"seed {seed}, round {round}: '{whole}' with {string.Join(',', stops)} gave '{actual}', {text.Stop}");
        }
    }

    [Fact]
    public void Append_TokensOfAText_GiveTheText()
    {
        const string sentence = "Zürich is not the capital of 日本. 😀";
        var text = new TokenText(TinyModel.Vocabulary);
        var actual = string.Concat(
            TinyModel.Vocabulary.Encode(sentence, parseSpecial: false).Select(token => text.Append(token)));
        Assert.Equal(sentence, actual + text.Finish());
    }

    [Fact]
    public void Append_NoSuchToken_IsRefused() => Assert.Throws<InvalidParameterException>(
        () => new TokenText(TinyModel.Vocabulary).Append(1024));

    [Fact]
    public void Constructor_BadStopStrings_AreRefusedByName()
    {
        Assert.Equal("Stop", Refused([.. Enumerable.Repeat("x", TokenText.MaxStops + 1)]));
        Assert.Equal("Stop[1]", Refused("x", ""));
        Assert.Equal("Stop[0]", Refused([null!]));
        Assert.Equal("Stop[0]", Refused(new string('x', TokenText.MaxStopLength + 1)));
        Assert.Equal("Stop[2]", Refused("x", "y", "\uD83D"));

        static string Refused(params string[] stops) =>
            Assert.Throws<InvalidParameterException>(() => new TokenText(TinyModel.Vocabulary, stops)).Field;
    }

    private static (string Text, string? Stop) UpToFirstStop(string whole, string[] stops)
    {
        for (var end = 1; end <= whole.Length; end++)
        {
            var stop = stops.Where(s => whole.AsSpan(0, end).EndsWith(s)).MaxBy(s => s.Length);
            if (stop is not null)
            {
                return (whole[..(end - stop.Length)], stop);
            }
        }

        return (whole, null);
    }
}
