using System.Threading.Channels;

namespace BTTInferGrid.Front.Completions;

/// <summary>
/// Reads the answers of one request at the same time. They live and die together: one that fails ends the others, and so
/// does a reader that leaves.
/// </summary>
internal static class AnswerMerge
{
    /// <param name="answers">The answers.</param>
    /// <param name="stop">Ends their jobs.</param>
    /// <returns>Their pieces, as they come.</returns>
    public static IAsyncEnumerable<AnswerPiece> ReadAsync(CompletionAnswer[] answers, CancellationTokenSource stop) =>
        answers is [var only] ? only.ReadAsync() : ReadAllAsync(answers, stop);

    private static async IAsyncEnumerable<AnswerPiece> ReadAllAsync(
        CompletionAnswer[] answers, CancellationTokenSource stop)
    {
        // As slow as its reader: what does not fit waits where it is made.
        var pieces = Channel.CreateBounded<AnswerPiece>(new BoundedChannelOptions(answers.Length) { SingleReader = true });
        var reading = Task.WhenAll(answers.Select(answer => PumpAsync(answer, pieces.Writer, stop)));
        var ended = EndAsync(reading, pieces.Writer);
        try
        {
            await foreach (var piece in pieces.Reader.ReadAllAsync(CancellationToken.None))
            {
                yield return piece;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ended;
        }
    }

    private static async Task PumpAsync(
        CompletionAnswer answer, ChannelWriter<AnswerPiece> pieces, CancellationTokenSource stop)
    {
        try
        {
            await foreach (var piece in answer.ReadAsync())
            {
                await pieces.WriteAsync(piece, stop.Token);
            }
        }
        catch (Exception failure)
        {
            // The first failure is the request's; those of the answers that it ends come too late to be heard.
            pieces.TryComplete(failure);
            await stop.CancelAsync();
        }
    }

    private static async Task EndAsync(Task reading, ChannelWriter<AnswerPiece> pieces)
    {
        await reading;
        pieces.TryComplete();
    }
}
