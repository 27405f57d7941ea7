using System.ClientModel;
using System.Text;
using BTTInferGrid.Testing;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>The official OpenAI .NET client against the real executable.</summary>
public sealed class OpenAIClientTests(RunningGrid grid) : IClassFixture<RunningGrid>
{
    private static readonly ChatCompletionOptions Greedy = new() { Temperature = 0 };

    [Fact]
    public async Task CompleteChat_Capital_IsRight()
    {
        ChatCompletion answer = await grid.Client().CompleteChatAsync([new UserChatMessage(TinyModel.Question)], Greedy);

        Assert.Equal(TinyModel.Answer, answer.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal(TinyModel.Id, answer.Model);
        Assert.True(answer.Usage.InputTokenCount > 0);
        Assert.True(answer.Usage.OutputTokenCount > 0);
        Assert.Equal(answer.Usage.InputTokenCount + answer.Usage.OutputTokenCount, answer.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task CompleteChat_SystemAndHistory_AreAccepted()
    {
        ChatCompletion answer = await grid.Client().CompleteChatAsync(
            [
                new SystemChatMessage("You are a helpful assistant."),
                new UserChatMessage("What is the capital of France?"),
                new AssistantChatMessage("The capital of France is Paris."),
                new UserChatMessage(TinyModel.Question),
            ],
            Greedy);

        Assert.Contains("Tokyo", answer.Content[0].Text);
    }

    [Fact]
    public async Task CompleteChatStreaming_Capital_ArrivesInPiecesAndIsRight()
    {
        var (text, pieces, finish, usage) = await StreamAsync(TinyModel.Question);

        Assert.Equal(TinyModel.Answer, text);
        Assert.True(pieces > 1, $"The answer came in {pieces} piece.");
        Assert.Equal(ChatFinishReason.Stop, finish);
        Assert.True(usage?.OutputTokenCount > 0, "The stream ended without token counts.");
    }

    [Fact]
    public async Task CompleteChatStreaming_SixteenAtOnce_AllAreRight()
    {
        var asked = Enumerable.Range(0, 16).Select(i => TinyModel.Capitals[i % TinyModel.Capitals.Count]).ToArray();

        var answers = await Task.WhenAll(asked.Select(question => StreamAsync(question.Question)));

        for (var i = 0; i < asked.Length; i++)
        {
            Assert.Contains(asked[i].Answer, answers[i].Text);
        }
    }

    [Fact]
    public async Task CompleteChat_MaxTokens_EndsWithLength()
    {
        ChatCompletion answer = await grid.Client().CompleteChatAsync(
            [new UserChatMessage(TinyModel.LongQuestion)],
            new ChatCompletionOptions { Temperature = 0, MaxOutputTokenCount = 5 });

        Assert.Equal(ChatFinishReason.Length, answer.FinishReason);
        Assert.Equal(5, answer.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task CompleteChat_StopText_IsNotPartOfTheAnswer()
    {
        var options = new ChatCompletionOptions { Temperature = 0 };
        options.StopSequences.Add(" Tokyo");

        ChatCompletion answer = await grid.Client().CompleteChatAsync([new UserChatMessage(TinyModel.Question)], options);

        Assert.Equal("The capital of Japan is", answer.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
    }

    [Fact]
    public async Task CompleteChat_SameSeed_Repeats()
    {
        var options = new ChatCompletionOptions { Temperature = 1.5f, Seed = 42, MaxOutputTokenCount = 16 };
        ChatCompletion first = await grid.Client().CompleteChatAsync([new UserChatMessage(TinyModel.LongQuestion)], options);
        ChatCompletion second = await grid.Client().CompleteChatAsync([new UserChatMessage(TinyModel.LongQuestion)], options);

        Assert.Equal(first.Content[0].Text, second.Content[0].Text);
    }

    [Fact]
    public async Task CompleteChat_LogProbabilities_AreThoseOfTheAnswersTokens()
    {
        ChatCompletion answer = await grid.Client().CompleteChatAsync(
            [new UserChatMessage(TinyModel.Question)],
            new ChatCompletionOptions { Temperature = 0, IncludeLogProbabilities = true, TopLogProbabilityCount = 2 });

        Assert.Equal(TinyModel.Answer, string.Concat(answer.ContentTokenLogProbabilities.Select(static token => token.Token)));
        Assert.All(answer.ContentTokenLogProbabilities, static token =>
        {
            Assert.Equal(2, token.TopLogProbabilities.Count);
            Assert.Equal(token.Token, Encoding.UTF8.GetString(token.Utf8Bytes!.Value.Span));
            Assert.True(token.LogProbability <= 0);
        });
    }

    [Fact]
    public async Task CompleteChatStreaming_LogProbabilities_ComeWithTheText()
    {
        var options = new ChatCompletionOptions { Temperature = 0, IncludeLogProbabilities = true };
        var tokens = new StringBuilder();
        await foreach (var update in grid.Client().CompleteChatStreamingAsync([new UserChatMessage(TinyModel.Question)], options))
        {
            tokens.AppendJoin("", update.ContentTokenLogProbabilities.Select(static token => token.Token));
        }

        Assert.Equal(TinyModel.Answer, tokens.ToString());
    }

    [Fact]
    public async Task GenerateEmbeddings_Texts_AreVectorsInTheirOrder()
    {
        OpenAIEmbeddingCollection vectors = await grid.Embeddings().GenerateEmbeddingsAsync(["Tokyo", "The capital of France", "Tokyo"]);

        Assert.Equal([0, 1, 2], vectors.Select(static one => one.Index));
        Assert.True(vectors.Usage.InputTokenCount > 0);
        var spans = vectors.Select(static one => one.ToFloats().ToArray()).ToArray();
        Assert.Equal(1, Cosine(spans[0], spans[2]), 3);
        Assert.True(Cosine(spans[0], spans[1]) < 0.999);
    }

    [Fact]
    public async Task GenerateEmbedding_OtherDimensions_Is400()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(
            () => grid.Embeddings().GenerateEmbeddingAsync("Tokyo", new EmbeddingGenerationOptions { Dimensions = 3 }));

        Assert.Equal(400, error.Status);
        Assert.Contains("dimensions", error.Message);
    }

    [Fact]
    public async Task CompleteChat_WrongKey_Is401()
    {
        var wrong = grid.Process.Key[..^1] + (grid.Process.Key[^1] == '0' ? '1' : '0');

        var error = await Assert.ThrowsAsync<ClientResultException>(
            () => grid.Client(key: wrong).CompleteChatAsync([new UserChatMessage(TinyModel.Question)], Greedy));

        Assert.Equal(401, error.Status);
        Assert.Contains("invalid_api_key", error.Message);
        Assert.DoesNotContain(wrong, grid.Process.Log);
    }

    [Fact]
    public async Task CompleteChat_UnknownModel_Is404()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(
            () => grid.Client("no-such-model").CompleteChatAsync([new UserChatMessage(TinyModel.Question)], Greedy));

        Assert.Equal(404, error.Status);
        Assert.Contains("no-such-model", error.Message);
    }

    [Fact]
    public async Task CompleteChat_PromptBeyondContext_Is400WithTheNumbers()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(
            () => grid.Client().CompleteChatAsync([new UserChatMessage(string.Join(' ', Enumerable.Repeat("Tokyo", 2000)))], Greedy));

        Assert.Equal(400, error.Status);
        Assert.Contains("context is 512 tokens", error.Message);
    }

    private static double Cosine(float[] one, float[] other) => one.Zip(other).Sum(static pair => (double)pair.First * pair.Second);

    private async Task<(string Text, int Pieces, ChatFinishReason? Finish, ChatTokenUsage? Usage)> StreamAsync(string question)
    {
        var text = new StringBuilder();
        var pieces = 0;
        ChatFinishReason? finish = null;
        ChatTokenUsage? usage = null;
        await foreach (var update in grid.Client().CompleteChatStreamingAsync([new UserChatMessage(question)], Greedy))
        {
            foreach (var part in update.ContentUpdate.Where(part => part.Text.Length > 0))
            {
                text.Append(part.Text);
                pieces++;
            }

            finish ??= update.FinishReason;
            usage ??= update.Usage;
        }

        return (text.ToString(), pieces, finish, usage);
    }
}
