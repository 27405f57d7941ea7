using System.Buffers;

namespace BTTInferGrid.Front.Completions;

/// <summary>
/// Sends a comment of server-sent events when a stream has been quiet, so that no proxy takes it for dead: a long prompt, or a
/// job that continues on another miner, may give no token for a minute. Owns the response's body between its owner's writes.
/// </summary>
internal sealed class StreamKeepAlive : IAsyncDisposable
{
    /// <summary>How long a stream may be quiet; proxies cut connections after 30 to 60 s.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly HttpContext _context;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _body = new(1);
    private readonly ITimer _timer;
    private long _written;
    private bool _isOver;

    public StreamKeepAlive(HttpContext context, TimeProvider time)
    {
        _context = context;
        _time = time;
        _written = time.GetTimestamp();
        _timer = time.CreateTimer(static state => _ = ((StreamKeepAlive)state!).SendAsync(), this, Period, Period / 4);
    }

    /// <summary>Takes the body for a write; <see cref="Release"/> gives it back.</summary>
    public Task TakeAsync() => _body.WaitAsync();

    /// <summary>The owner has written and flushed.</summary>
    public void Release()
    {
        _written = _time.GetTimestamp();
        _body.Release();
    }

    /// <summary>Ends the comments. After it nothing else writes to the body.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _body.WaitAsync();
        _isOver = true;
        _body.Release();
    }

    /// <summary>Sets the headers of a stream.</summary>
    public static void SetHeaders(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
    }

    private async Task SendAsync()
    {
        await _body.WaitAsync();
        try
        {
            if (_isOver || _time.GetElapsedTime(_written) < Period || _context.RequestAborted.IsCancellationRequested)
            {
                return;
            }

            if (!_context.Response.HasStarted)
            {
                SetHeaders(_context.Response);
            }

            _context.Response.BodyWriter.Write(": keep-alive\n\n"u8);
            await _context.Response.BodyWriter.FlushAsync(_context.RequestAborted);
            _written = _time.GetTimestamp();
        }
        catch (OperationCanceledException)
        {
            // The client has left; the request's own code finds out as well.
        }
        finally
        {
            _body.Release();
        }
    }
}
