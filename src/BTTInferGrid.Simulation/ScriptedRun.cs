using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using BTTInferGrid.Compute;

namespace BTTInferGrid.Simulation;

/// <summary>One job of a scripted miner: its tokens when they are due, its fault where the script has it, and its result.</summary>
internal sealed class ScriptedRun(
    ScriptedSession session, GenerateRequest request, MinerScript script, MinerFault fault, TimeProvider clock)
{
    private readonly SimulatedAnswer _answer = new(request.Job, request.Seed, request.Answered);
    private readonly TimeSpan _first = script.FirstToken
        + TimeSpan.FromSeconds((request.Job.Prompt.Length + request.Answered.Length) / script.PrefillTokensPerSecond);
    private readonly long _arrived = clock.GetTimestamp();
    private long _begun;
    private int _made;

    // Faults of the result come last, whatever the script's number.
    private bool IsAtFault => fault is not MinerFault.None and < MinerFault.TooManyTokens && _made == script.FaultAfter;

    /// <summary>Runs the job when one of the slots is free.</summary>
    public async IAsyncEnumerable<JobEvent> RunAsync(SemaphoreSlim slots, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await slots.WaitAsync(cancellationToken);
        try
        {
            _begun = clock.GetTimestamp();
            while (_answer.End is null && !IsAtFault)
            {
                await UntilDueAsync(cancellationToken);
                yield return new JobTokens(Take());
            }

            if (!IsAtFault)
            {
                foreach (var step in WholeAnswer())
                {
                    yield return step;
                }
            }
            else if (await FailAsync(cancellationToken) is { } lie)
            {
                yield return lie;
            }
        }
        finally
        {
            slots.Release();
        }
    }

    private async ValueTask UntilDueAsync(CancellationToken cancellationToken)
    {
        var wait = _first + TimeSpan.FromSeconds(_made / script.TokensPerSecond) - clock.GetElapsedTime(_begun);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, clock, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>The tokens that are due, at least one.</summary>
    private ImmutableArray<int> Take()
    {
        var due = (clock.GetElapsedTime(_begun) - _first).TotalSeconds * script.TokensPerSecond;
        var tokens = ImmutableArray.CreateBuilder<int>();
        do
        {
            tokens.Add(_answer.Next());
            _made++;
        }
        while (_answer.End is null && !IsAtFault && (_made <= due || double.IsInfinity(script.TokensPerSecond)));
        return tokens.DrainToImmutable();
    }

    private async Task<JobEvent?> FailAsync(CancellationToken cancellationToken)
    {
        switch (fault)
        {
            case MinerFault.Fails:
                throw new MinerFailedException(session.MinerId, "its engine broke.");
            case MinerFault.Throws:
                throw new InvalidTimeZoneException("The script of the miner has this.");
            case MinerFault.Disconnects:
                session.Close("its connection ended.");
                goto case MinerFault.Stalls;
            case MinerFault.Stalls:
                await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken);
                return null;
            case MinerFault.UnknownToken:
                return new JobTokens([request.Job.VocabularySize]);
            case MinerFault.NegativeToken:
                return new JobTokens([-1]);
            case MinerFault.EmptyStep:
                return new JobTokens([]);
            case MinerFault.UnaskedLogProbs:
                return new JobTokens([_answer.Next()], [new TokenLogProb(0, [])]);
            case MinerFault.EndsEarly:
                return Result(StopReason.EndOfGeneration);
            default:
                return null;
        }
    }

    private IEnumerable<JobEvent> WholeAnswer()
    {
        if (fault == MinerFault.TooManyTokens)
        {
            yield return new JobTokens([_answer.Next()]);
        }

        var result = Result(_answer.End!.Value);
        yield return fault switch
        {
            MinerFault.WrongOutputCount => result with { Usage = result.Usage with { OutputTokens = _made + 1 } },
            MinerFault.WrongPromptCount => result with { Usage = result.Usage with { PromptTokens = request.Job.Prompt.Length - 1 } },
            MinerFault.UnknownStopReason => result with { StopReason = (StopReason)int.MaxValue },
            MinerFault.NoUsage => result with { Usage = null! },
            _ => result,
        };
    }

    private JobResult Result(StopReason reason) => new(reason, new GenerationUsage(
        request.Job.Prompt.Length, _made, clock.GetElapsedTime(_arrived, _begun), _first, clock.GetElapsedTime(_begun) - _first));
}
