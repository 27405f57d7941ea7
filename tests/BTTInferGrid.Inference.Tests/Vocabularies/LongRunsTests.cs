using System.Text;

namespace BTTInferGrid.Inference.Tests.Vocabularies;

public class LongRunsTests
{
    [Fact]
    public void SafeLength_OrdinaryText_IsAllOfIt()
    {
        var text = string.Concat(Enumerable.Repeat("Ordinary words with spaces. ", 1000));
        Assert.Equal(text.Length, LongRuns.SafeLength(text));
    }

    [Theory]
    [InlineData("a")]
    [InlineData(" ")]
    [InlineData("😀")]
    public void SafeLength_LongRun_EndsInItAtACharacterBorder(string unit)
    {
        var text = "word " + string.Concat(Enumerable.Repeat(unit, 5000));
        var length = LongRuns.SafeLength(text);
        Assert.InRange(length, LongRuns.Limit, LongRuns.Limit + 6);
        Assert.False(char.IsHighSurrogate(text[length - 1]));
    }

    [Theory]
    [InlineData("a")]
    [InlineData(" ")]
    [InlineData("東")]
    public void Encode_LongRunWithARecursiveSplitter_NeitherOverflowsNorLosesText(string unit)
    {
        // The tiny model, saying that its words are split by a rule that llama.cpp runs on its recursive matcher.
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(TinyModel.ModelPath);
        "bloom"u8.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf("qwen2"u8)));
        using var vocabulary = Vocabulary.Load(TinyModel.Library, folder.Write("bloom.gguf", bytes));
        var text = string.Concat(Enumerable.Repeat(unit, 60_000));

        var decoded = new List<byte>();
        foreach (var token in vocabulary.Encode(text, parseSpecial: false))
        {
            decoded.AddRange(vocabulary.Decode(token));
        }

        Assert.Equal(text, Encoding.UTF8.GetString([.. decoded]));
    }
}
