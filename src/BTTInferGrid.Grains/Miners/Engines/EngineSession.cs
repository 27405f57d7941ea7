using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Jobs;
using BTTInferGrid.Grains.Miners.Sessions;
using BTTInferGrid.Inference;
using BTTInferGrid.Link;
using BTTInferGrid.Node;
using StopReason = BTTInferGrid.Compute.StopReason;

namespace BTTInferGrid.Grains.Miners.Engines;

/// <summary>The session of an engine in this process: the operator's own machine, without a link between.</summary>
/// <param name="minerId">Id of the miner.</param>
/// <param name="offer">What it offers.</param>
/// <param name="engine">The engine, loaded.</param>
/// <param name="closed">Called when the grid ends the session.</param>
/// <param name="time">The clock.</param>
internal sealed class EngineSession(
    string minerId, MinerOffer offer, NodeEngine engine, Action<string> closed, TimeProvider time) : IMinerSession
{
    /// <inheritdoc/>
    public string MinerId => minerId;

    /// <inheritdoc/>
    public MinerOffer Offer => offer;

    /// <inheritdoc/>
    public MinerStatus Status
    {
        get
        {
            var status = engine.Status;
            return new MinerStatus(
                status.Running, status.Waiting, status.CacheTokens, status.RunningTokens, engine.Draining.IsCompleted);
        }
    }

    /// <inheritdoc/>
    public int Jobs => engine.Jobs;

    /// <inheritdoc/>
    public async IAsyncEnumerable<JobEvent> Generate(
        GenerateRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Begin(request.Job.Profile);
        try
        {
            using var answer = Start(request);
            using var timer = new PeriodicTimer(LinkProtocol.BusyPeriod, time);
            var tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
            while (true)
            {
                var wait = WaitAsync(answer, cancellationToken);
                while (!wait.IsCompleted && await Task.WhenAny(wait, tick) == tick)
                {
                    if (answer.IsWaiting)
                    {
                        yield return JobWaiting.Instance;
                    }

                    tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
                }

                if (!await wait)
                {
                    break;
                }

                yield return Take(answer);
            }

            engine.Metrics.Completed(answer.Result);
            yield return ToResult(answer.Result);
        }
        finally
        {
            engine.EndJob();
        }
    }

    /// <inheritdoc/>
    public async Task<EmbedResult> Embed(EmbedRequest request, CancellationToken cancellationToken)
    {
        Begin(request.Profile);
        try
        {
            var embedder = await engine.EmbedderAsync();
            var vectors = await embedder.EmbedAsync(
                [.. request.Inputs.Select(static input => input.AsMemory())], cancellationToken);
            return new EmbedResult([.. vectors.Select(static vector => ImmutableCollectionsMarshal.AsImmutableArray(vector))]);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw ToException(failure);
        }
        finally
        {
            engine.EndJob();
        }
    }

    /// <inheritdoc/>
    public void Close(SessionEnd end, string reason) => closed(reason);

    private void Begin(string profile)
    {
        if (profile != offer.Profile)
        {
            throw new RequestRefusedException("profile", $"miner '{minerId}' runs {offer.Profile}, not {profile}.");
        }

        if (!engine.TryBeginJob())
        {
            throw new MinerBusyException(minerId);
        }
    }

    private GenerationReader Start(GenerateRequest request)
    {
        var job = request.Job;
        try
        {
            if (job.Prompt.Length + (long)job.MaxTokens > engine.ContextTokens)
            {
                throw new RequestTooLargeException(job.Prompt.Length, job.MaxTokens, engine.ContextTokens);
            }

            return engine.Engine.Start(new EngineRequest
            {
                Prompt = job.Prompt.AsMemory(),
                MaxTokens = job.MaxTokens,
                Stop = job.Stop.IsDefault ? [] : job.Stop,
                Tenant = job.Tenant,
                LogProbabilities = job.TopLogProbs,
                Grammar = job.Grammar,
                Answered = request.Answered.AsMemory(),
                Sampling = job.Sampling.ToParameters(request.Seed),
                WithText = false,
            });
        }
        catch (Exception failure)
        {
            throw ToException(failure);
        }
    }

    private async Task<bool> WaitAsync(GenerationReader answer, CancellationToken cancellationToken)
    {
        try
        {
            return await answer.WaitAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw ToException(failure);
        }
    }

    private static JobTokens Take(GenerationReader answer)
    {
        var tokens = ImmutableArray.CreateBuilder<int>();
        ImmutableArray<TokenLogProb>.Builder? logProbs = null;
        while (answer.TryTake(out var token))
        {
            tokens.Add(token.Token);
            if (token.LogProbabilities is { } probabilities)
            {
                (logProbs ??= ImmutableArray.CreateBuilder<TokenLogProb>()).Add(ToLogProb(probabilities));
            }
        }

        return new JobTokens(tokens.DrainToImmutable(), logProbs?.DrainToImmutable() ?? []);
    }

    private static TokenLogProb ToLogProb(TokenLogProbabilities probabilities)
    {
        var top = ImmutableArray.CreateBuilder<TopLogProb>(probabilities.Top.Length);
        foreach (var likely in probabilities.Top)
        {
            top.Add(new TopLogProb(likely.Token, likely.LogProbability));
        }

        return new TokenLogProb(probabilities.Chosen.LogProbability, top.MoveToImmutable());
    }

    private static JobResult ToResult(EngineResult result) => new(
        result.StopReason switch
        {
            Inference.StopReason.EndOfGeneration => StopReason.EndOfGeneration,
            Inference.StopReason.StopString => StopReason.StopString,
            Inference.StopReason.MaxTokens => StopReason.MaxTokens,
            var other => throw new InvalidOperationException($"The engine stopped for '{other}', which no request asks for."),
        },
        new GenerationUsage(
            result.PromptTokens, result.OutputTokens, result.QueueTime, result.PrefillTime, result.DecodeTime,
            result.CachedPromptTokens));

    private GridException ToException(Exception failure)
    {
        var fault = EngineFault.Of(failure);
        return fault.Kind switch
        {
            EngineFaultKind.Busy => new MinerBusyException(minerId),
            EngineFaultKind.Refused => new RequestRefusedException(fault.Field, fault.Reason),
            _ => new MinerFailedException(minerId, fault.Reason),
        };
    }
}
