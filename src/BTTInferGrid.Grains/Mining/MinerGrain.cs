using System.Runtime.CompilerServices;
using System.Text.Json;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Mining;
using BTTInferGrid.Inference;
using Orleans.Placement;
using StopReason = BTTInferGrid.Compute.StopReason;

namespace BTTInferGrid.Grains.Compute;

/// <summary>
/// The way to this silo's engine. Prefers the silo that first calls it, which is the one that has the engine, and stays.
/// </summary>
[PreferLocalPlacement, KeepAlive]
internal sealed class MinerGrain(MinerEngine miner) : Grain, IMinerGrain
{
    public Task<MinerOffer> Describe() => Task.FromResult(miner.Offer);

    public async IAsyncEnumerable<MinerEvent> Generate(
        GenerateRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (request.Profile != miner.Offer.Profile)
        {
            throw new RequestRefusedException(
                "profile", $"miner '{miner.Offer.MinerId}' runs {miner.Offer.Profile}, not {request.Profile}.");
        }

        await using var events = Begin(request, cancellationToken);
        while (await MoveNextAsync(events))
        {
            yield return events.Current switch
            {
                EngineTokens tokens => new MinerTokens(tokens.Tokens),
                EngineResult result => ToResult(result),
                var other => throw new InvalidOperationException($"The engine sent an unknown event {other.GetType()}."),
            };
        }
    }

    private IAsyncEnumerator<EngineEvent> Begin(GenerateRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return miner.Engine.GenerateAsync(ToEngineRequest(request), cancellationToken).GetAsyncEnumerator(cancellationToken);
        }
        catch (InvalidParameterException refused)
        {
            // The engine names its own members; a request's fields are spelled the API's way.
            throw new RequestRefusedException(JsonNamingPolicy.SnakeCaseLower.ConvertName(refused.Field), refused.Message);
        }
    }

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<EngineEvent> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (EngineBusyException)
        {
            throw new MinerBusyException(miner.Offer.MinerId);
        }
        catch (Exception failure) when (failure is EngineFailedException or EngineStoppedException or RequestFailedException
            or InvalidLogitsException)
        {
            throw new MinerFailedException(miner.Offer.MinerId, failure.Message);
        }
    }

    private static EngineRequest ToEngineRequest(GenerateRequest request) => new()
    {
        Prompt = request.Prompt.AsMemory(),
        MaxTokens = request.MaxTokens,
        Stop = request.Stop,
        Tenant = request.Tenant,
        Sampling = new SamplingParameters
        {
            Temperature = request.Sampling.Temperature,
            TopP = request.Sampling.TopP,
            TopK = request.Sampling.TopK,
            MinP = request.Sampling.MinP,
            FrequencyPenalty = request.Sampling.FrequencyPenalty,
            PresencePenalty = request.Sampling.PresencePenalty,
            LogitBias = ToLogitBias(request.Sampling.LogitBias.AsSpan()),
            Seed = request.Seed,
        },
    };

    private static Dictionary<int, float> ToLogitBias(ReadOnlySpan<TokenBias> biases)
    {
        var read = new Dictionary<int, float>(biases.Length);
        foreach (var bias in biases)
        {
            read[bias.Token] = bias.Bias;
        }

        return read;
    }

    private static MinerResult ToResult(EngineResult result) => new(
        result.StopReason switch
        {
            Inference.StopReason.EndOfGeneration => StopReason.EndOfGeneration,
            Inference.StopReason.StopString => StopReason.StopString,
            Inference.StopReason.MaxTokens => StopReason.MaxTokens,
            var other => throw new InvalidOperationException($"The engine stopped for '{other}', which no request asks for."),
        },
        new GenerationUsage(
            result.PromptTokens, result.OutputTokens, result.QueueTime, result.PrefillTime, result.DecodeTime));
}
