using Microsoft.Extensions.Hosting;

namespace BTTInferGrid.Front.Completions;

/// <summary>Gives answers in progress some time when the process stops, and then ends them, before the web server cuts their connections.</summary>
internal sealed class FrontStop : IDisposable
{
    /// <summary>The time. A miner's session takes as long to end at most, and the rest of the process needs some after it.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5.5);

    private readonly CancellationTokenSource _ended;
    private readonly CancellationTokenRegistration _stopping;

    public FrontStop(IHostApplicationLifetime host, [GridClock] TimeProvider time)
    {
        _ended = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _stopping = host.ApplicationStopping.Register(() => _ended.CancelAfter(Grace));
    }

    /// <summary>Cancelled when answers must end.</summary>
    public CancellationToken Ended => _ended.Token;

    public void Dispose()
    {
        _stopping.Dispose();
        _ended.Dispose();
    }
}
