using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Jobs;
using BTTInferGrid.Grains.Miners.Sessions;
using BTTInferGrid.Inference;
using Microsoft.Extensions.Options;

namespace BTTInferGrid.Grains.Miners;

/// <summary>
/// What a miner must pass before it gets jobs: its speed is measured by this silo's clock, and it answers a question with a
/// known answer.
/// </summary>
internal sealed class MinerProbe(ModelCatalogue catalogue, IOptions<JobOptions> options, ProcessPauses pauses, [GridClock] TimeProvider time)
{
    private const int MeasuredPrompt = 256;
    private const int MeasuredOutput = 32;
    private const int AnswerTokens = 64;
    private const string JobPrefix = "probe-";
    private const string Filler = "The quick brown fox jumps over the lazy dog, and then it goes home to sleep until the morning. ";

    /// <summary>Whether a request is a probe's. It has no job.</summary>
    public static bool IsProbe(GenerateRequest request) => request.JobId.StartsWith(JobPrefix, StringComparison.Ordinal);

    /// <summary>Probes a miner.</summary>
    /// <exception cref="MinerFailedException">It did not pass; the reason says what went wrong.</exception>
    /// <exception cref="MinerBusyException">It had jobs of the grid besides, and was late: that says nothing.</exception>
    public async Task<MinerSpeed> RunAsync(IMinerSession session, MinerOffer offer)
    {
        var model = catalogue.Find(offer.Model)
            ?? throw new MinerFailedException(session.MinerId, $"this grid does not serve model '{offer.Model}'.");

        // A tenant of its own each time: nothing of the prompt can be in the miner's cache.
        var tenant = $"{JobPrefix}{Guid.NewGuid():N}";
        var (_, speed) = await AskAsync(session, model, Measurement(model, offer.ContextTokens, tenant));
        if (speed.PrefillTokensPerSecond <= 0 || speed.DecodeTokensPerSecond <= 0)
        {
            throw new MinerFailedException(session.MinerId, "it ended the measurement early.");
        }

        if (model.Model.Probe is { } question)
        {
            var (tokens, _) = await AskAsync(session, model, Question(model, offer.ContextTokens, question, tenant));
            RequireAnswer(session.MinerId, model, question, tokens);
        }

        return speed;
    }

    private async Task<(List<int> Tokens, MinerSpeed Speed)> AskAsync(IMinerSession session, ServedModel model, JobRequest job)
    {
        var hadJobs = session.Jobs > 0;
        var ask = new GenerateRequest(job.Tenant, job, 0, []);
        await using var attempt = new AttemptRun(
            new AttemptPlan(session.MinerId, job, model.Vocabulary, [], default),
            stop => session.Generate(ask, stop), options.Value, time, pauses, CancellationToken.None);
        var made = new List<int>();
        while (await attempt.MoveNextAsync())
        {
            if (attempt.Current is JobTokens tokens)
            {
                made.AddRange(tokens.Tokens);
            }
        }

        return attempt.Failure switch
        {
            null when !attempt.IsDisturbed => (made, attempt.Speed),
            null or { IsOurs: true } => throw new MinerBusyException(session.MinerId),
            { Outcome: AttemptOutcome.Stalled or AttemptOutcome.Busy } when hadJobs => throw new MinerBusyException(session.MinerId),
            { } failure => throw new MinerFailedException(session.MinerId, failure.Reason),
        };
    }

    /// <summary>A prompt and an answer of definite lengths, as far as the model's context has room.</summary>
    private static JobRequest Measurement(ServedModel model, int context, string tenant)
    {
        var filler = model.Vocabulary.Encode(Filler, parseSpecial: false);
        var prompt = new int[Math.Clamp(context - MeasuredOutput, 1, MeasuredPrompt)];
        for (var i = 0; i < prompt.Length; i++)
        {
            prompt[i] = filler[i % filler.Length];
        }

        var neverEnd = ImmutableArray.CreateBuilder<TokenBias>();
        for (var token = 0; token < model.Vocabulary.Size; token++)
        {
            if (model.Vocabulary.IsEndOfGeneration(token))
            {
                neverEnd.Add(new TokenBias(token, -100));
            }
        }

        return Request(
            model, [.. prompt], Math.Min(MeasuredOutput, context - prompt.Length), tenant, neverEnd.ToImmutable());
    }

    private static JobRequest Question(ServedModel model, int context, ProbeQuestion question, string tenant)
    {
        var prompt = model.Vocabulary.EncodeChat([new ChatMessage("user", question.Question)]);
        return Request(model, [.. prompt], Math.Clamp(context - prompt.Length, 1, AnswerTokens), tenant, []);
    }

    private static JobRequest Request(
        ServedModel model, ImmutableArray<int> prompt, int maxTokens, string tenant, ImmutableArray<TokenBias> biases) => new(
        model.Model.Id, model.Profile, model.Vocabulary.Size, prompt,
        new SamplingOptions(Temperature: 0, LogitBias: biases), maxTokens, [], null, tenant);

    private static void RequireAnswer(string minerId, ServedModel model, ProbeQuestion question, List<int> tokens)
    {
        var reader = new TokenText(model.Vocabulary, []);
        var text = string.Concat(tokens.Select(reader.Append)) + reader.Finish();
        if (!text.Contains(question.Answer, StringComparison.OrdinalIgnoreCase))
        {
            throw new MinerFailedException(minerId, "it answered a question wrong whose answer is known.");
        }
    }
}
