namespace BTTInferGrid.Inference.Tests.Engines;

public class EngineAnswerTests
{
    [Theory]
    [InlineData("What is the capital of Japan?", "Tokyo")]
    [InlineData("What is the capital of France?", "Paris")]
    [InlineData("What is the opposite of hot?", "cold")]
    [InlineData("Which day comes after Monday?", "Tuesday")]
    [InlineData("What is 12 plus 38?", "50")]
    public async Task GenerateAsync_GreedyQuestion_IsAnsweredRight(string question, string expected)
    {
        await using var engine = TinyModel.LoadEngine();

        var answer = await engine.AnswerAsync(TinyModel.Ask(question));

        Assert.Contains(expected, answer.Text, StringComparison.Ordinal);
        Assert.Equal(StopReason.EndOfGeneration, answer.Result.StopReason);
        Assert.Equal(answer.Tokens.Count, answer.Result.OutputTokens);
        Assert.True(engine.Vocabulary.IsEndOfGeneration(answer.Tokens[^1]));
        Assert.DoesNotContain("<|", answer.Text, StringComparison.Ordinal);
    }
}
