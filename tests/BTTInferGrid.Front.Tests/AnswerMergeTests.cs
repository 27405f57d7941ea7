using System.Runtime.CompilerServices;
using BTTInferGrid.Compute;
using BTTInferGrid.Front.Completions;
using BTTInferGrid.Front.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Front.Tests;

/// <summary>Answers of one request, read at the same time.</summary>
[Collection(FrontFixture.Collection)]
public sealed class AnswerMergeTests(FrontFixture front)
{
    private static readonly JobResult End = new(StopReason.MaxTokens, new GenerationUsage(1, 1, default, default, default));

    [Fact]
    public async Task Read_OneFails_EndsTheOthersAndGivesItsFailure()
    {
        using var stop = new CancellationTokenSource();
        var cancelled = new TaskCompletionSource();
        var answers = new[]
        {
            Answer(0, UntilCancelled(cancelled, stop.Token)),
            Answer(1, Failing()),
        };

        var failure = await Assert.ThrowsAsync<MinerFailedException>(async () => await ReadAsync(answers, stop));

        Assert.Contains("broken", failure.Message);
        await cancelled.Task;
    }

    [Fact]
    public async Task Read_ReaderLeaves_EndsAllBeforeItsDisposalIsOver()
    {
        using var stop = new CancellationTokenSource();
        TaskCompletionSource[] cancelled = [new(), new()];
        var answers = cancelled.Select((end, i) => Answer(i, UntilCancelled(end, stop.Token))).ToArray();

        await foreach (var piece in AnswerMerge.ReadAsync(answers, stop))
        {
            break;
        }

        Assert.All(cancelled, static end => Assert.True(end.Task.IsCompleted));
    }

    [Fact]
    public async Task Read_AllEnd_GivesEachItsResultOnce()
    {
        using var stop = new CancellationTokenSource();

        var pieces = await ReadAsync([Answer(0, Whole()), Answer(1, Whole()), Answer(2, Whole())], stop);

        Assert.Equal([0, 1, 2], pieces.Where(static piece => piece.Result is not null).Select(static piece => piece.Choice).Order());
    }

    private KeyLease Lease() => new(
        front.Grains.GetApiKey(ApiKey.Hash("none")), "key_1", "request", front.Clock, NullLogger.Instance, jobs: 100);

    private CompletionAnswer Answer(int choice, IAsyncEnumerable<JobEvent> events) =>
        new(choice, events, promptTokens: 0, Lease(), front.Grid.Model.Vocabulary, []);

    private static async Task<List<AnswerPiece>> ReadAsync(CompletionAnswer[] answers, CancellationTokenSource stop)
    {
        var pieces = new List<AnswerPiece>();
        await foreach (var piece in AnswerMerge.ReadAsync(answers, stop))
        {
            pieces.Add(piece);
        }

        return pieces;
    }

    private static async IAsyncEnumerable<JobEvent> UntilCancelled(
        TaskCompletionSource cancelled, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new JobPlaced("miner");
        yield return new JobTokens([65]);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        finally
        {
            cancelled.TrySetResult();
        }
    }

    private static async IAsyncEnumerable<JobEvent> Failing()
    {
        yield return new JobPlaced("miner");
        await Task.Yield();
        throw new MinerFailedException("miner", "broken");
    }

    private static async IAsyncEnumerable<JobEvent> Whole()
    {
        yield return new JobPlaced("miner");
        await Task.Yield();
        yield return new JobTokens([65]);
        yield return End;
    }
}
