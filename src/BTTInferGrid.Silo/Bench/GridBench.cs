using BTTInferGrid.Silo.Client;

namespace BTTInferGrid.Silo.Bench;

/// <summary>
/// Measures a running grid over HTTP: time to the first text, time between pieces of text, and output tokens per second with
/// several streams at once.
/// </summary>
/// <param name="client">The grid.</param>
/// <param name="model">The model to ask.</param>
/// <param name="time">The clock.</param>
internal sealed class GridBench(GridClient client, string model, TimeProvider time)
{
    private const int MaxTokens = 128;

    private int _number;

    /// <summary>Measures so many streams, several times.</summary>
    /// <param name="streams">Requests at the same time.</param>
    /// <param name="rounds">How often; the spread is taken over them.</param>
    /// <param name="tokens">Output tokens of a round, at least.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<BenchRow> MeasureAsync(int streams, int rounds, int tokens, CancellationToken cancellationToken)
    {
        var rates = new List<double>();
        var answers = new List<Answer>();
        for (var i = 0; i < rounds; i++)
        {
            var (rate, round) = await MeasureRoundAsync(streams, tokens, cancellationToken);
            rates.Add(rate);
            answers.AddRange(round);
        }

        var rate50 = Percentiles.Of(rates);
        var first = Percentiles.Of(answers.Select(static answer => answer.FirstText));
        var gaps = Percentiles.Of(answers.SelectMany(static answer => answer.Gaps));
        return new BenchRow(
            streams, answers.Count, rate50.At(50), rate50.At(0), rate50.At(100), first.At(50), first.At(99),
            Known(gaps.At(50)), Known(gaps.At(99)));
    }

    // Answers of one piece have no gaps; JSON has no NaN.
    private static double? Known(double value) => double.IsNaN(value) ? null : value;

    private async Task<(double TokensPerSecond, IEnumerable<Answer> Answers)> MeasureRoundAsync(
        int streams, int tokens, CancellationToken cancellationToken)
    {
        var produced = 0;
        var began = time.GetTimestamp();
        var answers = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => Task.Run(
            async () =>
            {
                var mine = new List<Answer>();
                do
                {
                    var answer = await AskAsync(Interlocked.Increment(ref _number), cancellationToken);
                    Interlocked.Add(ref produced, answer.Tokens);
                    mine.Add(answer);
                }
                while (Volatile.Read(ref produced) < tokens);

                return mine;
            },
            cancellationToken)));
        return (produced / time.GetElapsedTime(began).TotalSeconds, answers.SelectMany(static answer => answer));
    }

    private async Task<Answer> AskAsync(int number, CancellationToken cancellationToken)
    {
        var request = new ChatRequestDocument(
            model,
            [.. BenchPrompts.Messages(number).Select(static message => new ChatTurn(message.Role, message.Content))],
            MaxTokens,
            Seed: number);
        var began = time.GetTimestamp();
        var times = new List<double>(MaxTokens);
        var tokens = 0;
        await foreach (var chunk in client.ChatAsync(request, cancellationToken))
        {
            if (chunk.Choices is [{ Delta.Content.Length: > 0 }, ..])
            {
                times.Add(time.GetElapsedTime(began).TotalMilliseconds);
            }

            tokens = chunk.Usage?.CompletionTokens ?? tokens;
        }

        // An answer may be empty; its first text is then its end.
        return times.Count == 0
            ? new Answer(time.GetElapsedTime(began).TotalMilliseconds, tokens, [])
            : new Answer(times[0], tokens, [.. times.Zip(times.Skip(1), static (before, after) => after - before)]);
    }

    private sealed record Answer(double FirstText, int Tokens, IReadOnlyList<double> Gaps);
}
