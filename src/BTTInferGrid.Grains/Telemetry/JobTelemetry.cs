using System.Diagnostics;
using System.Diagnostics.Metrics;
using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Telemetry;

/// <summary>
/// Makes a span and measurements of each job when it ends, from its trace: nothing is measured while tokens pass.
/// </summary>
internal sealed class JobTelemetry
{
    private readonly UpDownCounter<long> _running;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstToken;
    private readonly Histogram<double> _perToken;
    private readonly Histogram<long> _tokens;
    private readonly Counter<long> _cachedTokens;
    private readonly Counter<long> _attempts;

    public JobTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(GridTelemetry.Name);
        _running = meter.CreateUpDownCounter<long>("bttgrid.jobs.running", "{job}", "Jobs that run on this silo.");
        _duration = meter.CreateHistogram(
            "gen_ai.server.request.duration", "s", "From the start of a job to its end.", advice: Buckets.Duration);
        _firstToken = meter.CreateHistogram(
            "gen_ai.server.time_to_first_token", "s", "From the start of a job to its first token.", advice: Buckets.FirstToken);
        _perToken = meter.CreateHistogram(
            "gen_ai.server.time_per_output_token", "s", "Time for each token after the first, of answers that are whole.",
            advice: Buckets.PerToken);
        _tokens = meter.CreateHistogram(
            "gen_ai.client.token.usage", "{token}", "Tokens of the prompt (input) and of the answer (output).",
            advice: Buckets.Tokens);
        _cachedTokens = meter.CreateCounter<long>(
            "bttgrid.prefix_cache.hits", "{token}", "Tokens of prompts that a miner said it had computed before.");
        _attempts = meter.CreateCounter<long>(
            "bttgrid.job.attempts", "{attempt}", "Miners' parts in jobs, by how they ended.");
    }

    /// <summary>A job begins.</summary>
    public void Begin(string model) => _running.Add(1, new KeyValuePair<string, object?>(Tags.Model, model));

    /// <summary>A job that began is over.</summary>
    /// <param name="trace">Its whole story.</param>
    /// <param name="result">What its last miner said at the end; null without a whole answer.</param>
    /// <param name="operation">What was asked for, in the words of the conventions.</param>
    /// <param name="parent">The span that asked, as W3C traceparent; null if there is none.</param>
    public void End(JobTrace trace, JobResult? result, string operation, string? parent)
    {
        var ended = trace.Ended ?? throw new ArgumentException("The job has not ended.", nameof(trace));
        var tags = new TagList
        {
            { Tags.Operation, operation },
            { Tags.Provider, Tags.ProviderName },
            { Tags.Model, trace.Model },
        };
        _running.Add(-1, new KeyValuePair<string, object?>(Tags.Model, trace.Model));
        _tokens.Record(trace.PromptTokens, [.. tags, new(Tags.TokenType, "input")]);
        _tokens.Record(trace.OutputTokens, [.. tags, new(Tags.TokenType, "output")]);
        _cachedTokens.Add(result?.Usage.CachedPromptTokens ?? 0, tags);
        foreach (var attempt in trace.Attempts)
        {
            _attempts.Add(1, [.. tags, new(Tags.Outcome, Tags.Of(attempt.Outcome ?? AttemptOutcome.Cancelled))]);
        }

        if (FirstToken(trace) is { } first)
        {
            _firstToken.Record((first - trace.Started).TotalSeconds, tags);
            if (trace is { State: JobState.Completed, OutputTokens: > 1 })
            {
                _perToken.Record((ended - first).TotalSeconds / (trace.OutputTokens - 1), tags);
            }
        }

        if (ErrorType(trace) is { } error)
        {
            tags.Add(Tags.ErrorType, error);
        }

        _duration.Record((ended - trace.Started).TotalSeconds, tags);
        JobSpans.Write($"{operation} {trace.Model}", trace, result, tags, parent);
    }

    private static DateTimeOffset? FirstToken(JobTrace trace)
    {
        foreach (var attempt in trace.Attempts)
        {
            if (attempt.FirstToken is { } after)
            {
                return attempt.Placed + after;
            }
        }

        return null;
    }

    private static string? ErrorType(JobTrace trace) =>
        trace.State != JobState.Failed ? null
        : trace.Attempts is [.., { Outcome: { } outcome }] ? Tags.Of(outcome)
        : "no_miner";
}
