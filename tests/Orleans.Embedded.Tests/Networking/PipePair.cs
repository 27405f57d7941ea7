using System.IO.Pipelines;

namespace Orleans.Embedded.Tests.Networking;

/// <summary>A carrier in memory: what one end writes, the other reads.</summary>
internal sealed class PipePair
{
    /// <param name="capacity">How many bytes wait on the way before the writer waits.</param>
    public PipePair(int capacity = 64 * 1024)
    {
        var options = new PipeOptions(
            pauseWriterThreshold: capacity, resumeWriterThreshold: capacity / 2, useSynchronizationContext: false);
        var (there, back) = (new Pipe(options), new Pipe(options));
        Caller = new End(back.Reader, there.Writer);
        Listener = new End(there.Reader, back.Writer);
    }

    public IDuplexPipe Caller { get; }

    public IDuplexPipe Listener { get; }

    private sealed record End(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
