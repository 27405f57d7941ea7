using System.ClientModel;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using BTTInferGrid.Testing;
using OpenAI.Chat;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>Many more streams at once than two miners take: each client is answered whole or told when to come back.</summary>
public sealed class LoadTests(RunningGrid grid) : IClassFixture<RunningGrid>
{
    private const int Streams = 400;
    private const int AnswersOfEach = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Stream_FourHundredAtOnce_EachIsWholeOrToldToComeBackAndNoJobStays()
    {
        var client = grid.Client();

        var refused = await Task.WhenAll(Enumerable.Range(0, Streams).Select(i => AskAsync(client, i))).WaitAsync(Patience);

        Assert.True(refused.Sum() > 0, "Nobody was refused: that was no more than the miners take.");
        using var http = grid.Http();
        await Poll.UntilAsync(() => RunningJobsAsync(http), static jobs => jobs == 0, Patience);
    }

    /// <returns>How often the client was told to come back, which it did.</returns>
    private static async Task<int> AskAsync(ChatClient client, int number)
    {
        var (question, answer) = TinyModel.Capitals[number % TinyModel.Capitals.Count];
        var refused = 0;
        for (var whole = 0; whole < AnswersOfEach;)
        {
            try
            {
                var text = new StringBuilder();
                await foreach (var update in client.CompleteChatStreamingAsync(
                    [new UserChatMessage(question)], new ChatCompletionOptions { Temperature = 0 }))
                {
                    text.AppendJoin("", update.ContentUpdate.Select(static part => part.Text));
                }

                Assert.Contains(answer, text.ToString());
                whole++;
            }
            catch (ClientResultException refusal) when (refusal.Status is 429 or 503)
            {
                Assert.True(refusal.GetRawResponse()!.Headers.TryGetValue("Retry-After", out var seconds), refusal.Message);
                refused++;
                await Task.Delay(TimeSpan.FromSeconds(int.Parse(seconds!, CultureInfo.InvariantCulture)));
            }
        }

        return refused;
    }

    private static async Task<int> RunningJobsAsync(HttpClient http)
    {
        var metrics = await http.GetStringAsync("/metrics");
        var running = Regex.Match(metrics, @"^bttgrid_jobs_running(?:_jobs)?\{[^}]*\} (\d+)", RegexOptions.Multiline);
        Assert.True(running.Success, $"No gauge of running jobs in:\n{metrics}");
        return int.Parse(running.Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
