using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Jobs;
using BTTInferGrid.Inference;
using Microsoft.Extensions.Options;

namespace BTTInferGrid.Grains.Miners;

/// <summary>
/// What a miner must pass before it gets jobs: it is measured, by this silo's clock, and asked something whose answer is
/// known.
/// </summary>
internal sealed class MinerProbe(
    IGrainFactory grains, ModelCatalogue catalogue, IOptions<JobOptions> options, TimeProvider time)
{
    private const int MeasuredPrompt = 256;
    private const int MeasuredOutput = 32;
    private const int AnswerTokens = 64;
    private const string Filler = "The quick brown fox jumps over the lazy dog, and then it goes home to sleep until the morning. ";

    /// <summary>Probes a miner.</summary>
    /// <exception cref="MinerFailedException">It did not pass; the reason says what went wrong.</exception>
    public async Task<MinerSpeed> RunAsync(MinerOffer offer, CancellationToken cancellationToken)
    {
        var model = catalogue.Find(offer.Model)
            ?? throw new MinerFailedException(offer.MinerId, $"this grid does not serve model '{offer.Model}'.");

        // A tenant of its own each time: nothing of the prompt can be in the miner's cache.
        var tenant = $"probe-{Guid.NewGuid():N}";
        var (_, speed) = await AskAsync(offer, Measurement(model, tenant), cancellationToken);
        if (speed.PrefillTokensPerSecond <= 0 || speed.DecodeTokensPerSecond <= 0)
        {
            throw new MinerFailedException(offer.MinerId, "it ended the measurement early.");
        }

        var (tokens, _) = await AskAsync(offer, Question(model, tenant), cancellationToken);
        CheckAnswer(offer, model, tokens);
        return speed;
    }

    private async Task<(List<int> Tokens, MinerSpeed Speed)> AskAsync(
        MinerOffer offer, JobRequest request, CancellationToken cancellationToken)
    {
        var ask = new GenerateRequest(
            request.Tenant, request.Profile, request.Prompt, request.Sampling, 0, request.MaxTokens, request.Stop, request.Tenant);
        var placement = new Placement(offer, default, new PlacementTrace(1, 0, 0, 0, 0, [], "a probe"));
        await using var attempt = new MinerAttempt(
            grains.GetGrain<IMinerGrain>(offer.MinerId), ask, request, placement, options.Value, time, cancellationToken);
        var made = new List<int>();
        while (await attempt.MoveNextAsync())
        {
            if (attempt.Current is JobTokens tokens)
            {
                made.AddRange(tokens.Tokens);
            }
        }

        return attempt.Fault is { } fault
            ? throw new MinerFailedException(offer.MinerId, fault.Reason)
            : (made, attempt.Speed);
    }

    /// <summary>A prompt and an answer of definite lengths, as far as the model's context has room.</summary>
    private static JobRequest Measurement(ServedModel model, string tenant)
    {
        var context = model.Model.ContextTokens;
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

    private static JobRequest Question(ServedModel model, string tenant)
    {
        var question = model.Model.Probe?.Question ?? "What is two plus two?";
        var prompt = model.Vocabulary.EncodeChat([new ChatMessage("user", question)]);
        return Request(model, [.. prompt], Math.Clamp(model.Model.ContextTokens - prompt.Length, 1, AnswerTokens), tenant, []);
    }

    private static JobRequest Request(
        ServedModel model, ImmutableArray<int> prompt, int maxTokens, string tenant, ImmutableArray<TokenBias> biases) => new(
        model.Model.Id, model.Profile, model.Vocabulary.Size, prompt,
        new SamplingOptions(Temperature: 0, LogitBias: biases), maxTokens, [], null, tenant);

    private static void CheckAnswer(MinerOffer offer, ServedModel model, List<int> tokens)
    {
        var reader = new TokenText(model.Vocabulary, []);
        var text = string.Concat(tokens.Select(reader.Append)) + reader.Finish();
        var expected = model.Model.Probe?.Answer ?? "";
        if (!text.Contains(expected, StringComparison.OrdinalIgnoreCase) || text.Length == 0)
        {
            throw new MinerFailedException(offer.MinerId, "it answered a question wrong whose answer is known.");
        }
    }
}
