using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Jobs;
using BTTInferGrid.Grains.Telemetry;
using BTTInferGrid.Inference;
using Orleans.Placement;
using StopReason = BTTInferGrid.Compute.StopReason;

namespace BTTInferGrid.Grains.Mining;

/// <summary>
/// The way to this process's engine. On an edge silo it can be nowhere else; where miners are silos of the cluster it
/// prefers the one that first calls it.
/// </summary>
[PreferLocalPlacement, KeepAlive]
internal sealed class MinerGrain(MinerEngine miner, EngineMetrics metrics, TimeProvider time) : Grain, IMinerGrain
{
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(1);

    public async IAsyncEnumerable<MinerStatus> Watch([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var status = miner.Status;
            yield return status;
            var pause = Task.Delay(WatchPeriod, time, cancellationToken);
            await (status.IsDraining ? pause : Task.WhenAny(pause, miner.Draining));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public async IAsyncEnumerable<MinerEvent> Generate(
        GenerateRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Require(request.Profile);
        await using var events = Begin(request, cancellationToken);
        while (await MoveNextAsync(events))
        {
            yield return events.Current switch
            {
                EngineTokens tokens => new MinerTokens(tokens.Tokens, ToLikelihoods(tokens.LogProbabilities)),
                EngineResult result => ToResult(result),
                var other => throw new InvalidOperationException($"The engine sent an unknown event {other.GetType()}."),
            };
        }
    }

    public async Task<EmbedResult> Embed(EmbedRequest request, CancellationToken cancellationToken = default)
    {
        Require(request.Profile);
        try
        {
            var embedder = await miner.EmbedderAsync();
            var inputs = new List<ReadOnlyMemory<int>>(request.Inputs.Length);
            foreach (var input in request.Inputs)
            {
                inputs.Add(input.AsMemory());
            }

            var vectors = await embedder.EmbedAsync(inputs, cancellationToken);
            return new EmbedResult([.. vectors.Select(static vector => ImmutableCollectionsMarshal.AsImmutableArray(vector))]);
        }
        catch (InvalidParameterException refused)
        {
            throw new RequestRefusedException("input", refused.Message);
        }
        catch (EngineBusyException)
        {
            throw new MinerBusyException(miner.Offer.MinerId);
        }
        catch (Exception failure) when (failure is EngineFailedException or EngineStoppedException or RequestFailedException
            or ModelFileException or LlamaLibraryException)
        {
            throw new MinerFailedException(miner.Offer.MinerId, failure.Message);
        }
    }

    private void Require(string profile)
    {
        if (profile != miner.Offer.Profile)
        {
            throw new RequestRefusedException(
                "profile", $"miner '{miner.Offer.MinerId}' runs {miner.Offer.Profile}, not {profile}.");
        }

        if (miner.Draining.IsCompleted)
        {
            throw new MinerBusyException(miner.Offer.MinerId);
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
        catch (InvalidParameterException refused)
        {
            throw new RequestRefusedException("answered", refused.Message);
        }
    }

    private static EngineRequest ToEngineRequest(GenerateRequest request) => new()
    {
        Prompt = request.Prompt.AsMemory(),
        MaxTokens = request.MaxTokens,
        Stop = request.Stop,
        Tenant = request.Tenant,
        LogProbabilities = request.TopLikelihoods,
        Grammar = request.Grammar,
        Answered = request.Answered.IsDefault ? default : request.Answered.AsMemory(),
        Sampling = request.Sampling.ToParameters(request.Seed),
    };

    private MinerResult ToResult(EngineResult result)
    {
        metrics.Completed(result);
        return new MinerResult(ToReason(result.StopReason), new GenerationUsage(
            result.PromptTokens, result.OutputTokens, result.QueueTime, result.PrefillTime, result.DecodeTime,
            result.CachedPromptTokens));
    }

    private static StopReason ToReason(Inference.StopReason reason) => reason switch
    {
        Inference.StopReason.EndOfGeneration => StopReason.EndOfGeneration,
        Inference.StopReason.StopString => StopReason.StopString,
        Inference.StopReason.MaxTokens => StopReason.MaxTokens,
        var other => throw new InvalidOperationException($"The engine stopped for '{other}', which no request asks for."),
    };

    private static ImmutableArray<TokenLikelihood> ToLikelihoods(ImmutableArray<TokenLogProbabilities> probabilities)
    {
        if (probabilities.IsEmpty)
        {
            return [];
        }

        var read = ImmutableArray.CreateBuilder<TokenLikelihood>(probabilities.Length);
        foreach (var one in probabilities)
        {
            var top = ImmutableArray.CreateBuilder<LikelyToken>(one.Top.Length);
            foreach (var likely in one.Top)
            {
                top.Add(new LikelyToken(likely.Token, likely.LogProbability));
            }

            read.Add(new TokenLikelihood(one.Chosen.LogProbability, top.MoveToImmutable()));
        }

        return read.MoveToImmutable();
    }
}
