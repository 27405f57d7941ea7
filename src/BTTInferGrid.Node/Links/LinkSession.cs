using System.Threading.Channels;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using BTTInferGrid.Node.Jobs;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using LinkService = BTTInferGrid.Link.V1.Link;

namespace BTTInferGrid.Node.Links;

/// <summary>
/// One session with a grid, from the dialling to its end. A reader, a writer and a watch run together; when one ends, so
/// does the session.
/// </summary>
internal sealed partial class LinkSession
{
    // Few: while they wait to be written, tokens gather in the engine and then travel together.
    private const int MaxMessagesWaiting = 16;

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);
    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    private readonly Channel<FromNode> _outgoing = Channel.CreateBounded<FromNode>(
        new BoundedChannelOptions(MaxMessagesWaiting) { SingleReader = true });

    private readonly Uri _front;
    private readonly NodeOptions _options;
    private readonly NodeEngine _engine;
    private readonly INodeCredential _credential;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly NodeJobs _jobs;

    // A status that found no place among the messages that wait.
    private FromNode? _status;
    private int _silentPeriods;

    public LinkSession(
        Uri front, NodeOptions options, NodeEngine engine, INodeCredential credential, TimeProvider time, ILogger logger)
    {
        _front = front;
        _options = options;
        _engine = engine;
        _credential = credential;
        _time = time;
        _logger = logger;
        _jobs = new NodeJobs(engine, _outgoing.Writer, logger);
    }

    /// <summary>Runs the session.</summary>
    /// <param name="stopping">Ends it in order: what is sent arrives.</param>
    /// <returns>How it ended.</returns>
    public async Task<SessionEnd> RunAsync(CancellationToken stopping)
    {
        using var channel = Front.Open(_front, _options.TrustedRoots);
        using var abort = new CancellationTokenSource();
        using var call = new LinkService.LinkClient(channel).Connect(cancellationToken: abort.Token);
        try
        {
            var grid = await JoinAsync(call, stopping);
            LogJoined(_credential.Identity, Environment.ProcessId, grid, _front, _options.Model);
            return await ServeAsync(call, abort, stopping);
        }
        catch (SessionEndException ended)
        {
            return ended.End;
        }
        catch (RpcException broken)
        {
            return SessionEnd.Lost(broken);
        }
    }

    private async Task<string> JoinAsync(AsyncDuplexStreamingCall<FromNode, ToNode> call, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(LinkProtocol.HandshakeTimeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        var handshake = new LinkHandshake(_credential, Front.AudienceOf(_front), _time);
        try
        {
            return await handshake.RunAsync(call.RequestStream, call.ResponseStream, limit.Token);
        }
        catch (RpcException) when (limit.IsCancellationRequested)
        {
            throw new SessionEndException(stopping.IsCancellationRequested
                ? SessionEnd.Closed
                : SessionEnd.Lost($"the front did not answer within {LinkProtocol.HandshakeTimeout.TotalSeconds} s"));
        }
    }

    private async Task<SessionEnd> ServeAsync(
        AsyncDuplexStreamingCall<FromNode, ToNode> call, CancellationTokenSource abort, CancellationToken stopping)
    {
        _outgoing.Writer.TryWrite(Offer());
        _outgoing.Writer.TryWrite(Status());
        await using var close = stopping.Register(() => _outgoing.Writer.TryComplete());
        var read = ReadAsync(call.ResponseStream, abort.Token);
        var write = WriteAsync(call.RequestStream, abort.Token);
        var watch = WatchAsync(abort.Token);
        try
        {
            var first = await Task.WhenAny(read, write, watch);
            if (first == write)
            {
                // The stream is closed or broken. What the grid says last is still to be read, and explains it.
                await Task.WhenAny(read, Task.Delay(CloseTimeout, _time, abort.Token));
                first = read.IsCompleted ? read : write;
            }

            return await first;
        }
        finally
        {
            await abort.CancelAsync();
            _outgoing.Writer.TryComplete();
            await Task.WhenAll((Task)read, write, watch).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _jobs.StopAsync();
        }
    }

    private async Task<SessionEnd> ReadAsync(IAsyncStreamReader<ToNode> from, CancellationToken abort)
    {
        try
        {
            while (await from.MoveNext(abort))
            {
                Volatile.Write(ref _silentPeriods, 0);
                if (await HandleAsync(from.Current) is { } end)
                {
                    return end;
                }
            }

            return SessionEnd.Lost("the grid ended the stream");
        }
        catch (RpcException broken)
        {
            return SessionEnd.Lost(broken);
        }
        catch (ChannelClosedException)
        {
            return SessionEnd.Closed;
        }
    }

    /// <summary>Does what a message asks for; the end of the session if that is it.</summary>
    private async ValueTask<SessionEnd?> HandleAsync(ToNode message)
    {
        switch (message.KindCase)
        {
            case ToNode.KindOneofCase.Generate:
                return await StartAsync(new GenerateJob(message.Generate));
            case ToNode.KindOneofCase.Embed:
                return await StartAsync(new EmbedJob(message.Embed));
            case ToNode.KindOneofCase.Credit:
                _jobs.Grant(message.Credit.Job, message.Credit.Tokens);
                return null;
            case ToNode.KindOneofCase.Cancel:
                _jobs.Cancel(message.Cancel.Job);
                return null;
            case ToNode.KindOneofCase.Goodbye:
                return SessionEnd.Of(message.Goodbye);
            case ToNode.KindOneofCase.Challenge or ToNode.KindOneofCase.Welcome:
                return SessionEnd.Lost($"the grid sent {message.KindCase} in a session that has begun");
            default:
                // Alive, or of a later version of the protocol: the grid is there.
                return null;
        }
    }

    private async ValueTask<SessionEnd?> StartAsync(NodeJob job) => await _jobs.TryStartAsync(job)
        ? null
        : SessionEnd.Lost($"the grid used the number {job.Number} for two jobs");

    private async Task<SessionEnd> WriteAsync(IClientStreamWriter<FromNode> to, CancellationToken abort)
    {
        try
        {
            while (await _outgoing.Reader.WaitToReadAsync(abort))
            {
                while (_outgoing.Reader.TryRead(out var message))
                {
                    // Messages that wait together, such as the tokens of one step for many jobs, are sent together.
                    to.WriteOptions = _outgoing.Reader.TryPeek(out _) ? Buffered : null;
                    await to.WriteAsync(message, abort);
                    if (Interlocked.Exchange(ref _status, null) is { } status)
                    {
                        await to.WriteAsync(status, abort);
                    }
                }
            }

            await to.CompleteAsync();
            return SessionEnd.Closed;
        }
        catch (RpcException broken)
        {
            return SessionEnd.Lost(broken);
        }
        catch (InvalidOperationException)
        {
            return SessionEnd.Lost("the grid ended the stream");
        }
    }

    /// <summary>Reports the status in time, and ends the session when the grid is silent for too long.</summary>
    private async Task<SessionEnd> WatchAsync(CancellationToken abort)
    {
        using var timer = new PeriodicTimer(LinkProtocol.BusyPeriod, _time);
        var tick = timer.WaitForNextTickAsync(abort).AsTask();
        var sinceStatus = 0;
        var wasDraining = _engine.Draining.IsCompleted;
        while (true)
        {
            await (wasDraining ? (Task)tick : Task.WhenAny(tick, _engine.Draining));
            abort.ThrowIfCancellationRequested();
            var isBusy = !_jobs.IsEmpty;
            if (tick.IsCompleted)
            {
                tick = timer.WaitForNextTickAsync(abort).AsTask();
                sinceStatus++;

                // Counted in periods that this process has lived through: one that was frozen reads first, and then judges.
                var silence = LinkProtocol.BusyPeriod * Interlocked.Increment(ref _silentPeriods);
                if (silence > (isBusy ? LinkProtocol.BusySilence : LinkProtocol.IdleSilence))
                {
                    return SessionEnd.Lost("the grid is silent");
                }
            }

            if (isBusy || LinkProtocol.BusyPeriod * sinceStatus >= LinkProtocol.IdlePeriod
                || wasDraining != _engine.Draining.IsCompleted)
            {
                sinceStatus = 0;
                wasDraining = _engine.Draining.IsCompleted;
                SendStatus();
            }
        }
    }

    /// <summary>Sends the status with the next message at the latest; it never waits for those before it.</summary>
    private void SendStatus()
    {
        var status = Status();
        if (!_outgoing.Writer.TryWrite(status))
        {
            Volatile.Write(ref _status, status);
        }
    }

    private FromNode Offer() => new()
    {
        Offer = new Offer
        {
            Model = _options.Model,
            Profile = _engine.Profile,
            ContextTokens = _engine.ContextTokens,
            Slots = _engine.Slots,
            Backend = _engine.Backend,
            PromptPrice = _options.PromptPrice,
            OutputPrice = _options.OutputPrice,
        },
    };

    private FromNode Status()
    {
        var status = _engine.Status;
        var message = new Link.V1.Status
        {
            Running = status.Running,
            Waiting = status.Waiting,
            CacheTokens = status.CacheTokens,
            CacheTokensInUse = status.RunningTokens,
            Draining = _engine.Draining.IsCompleted,
        };
        _jobs.AddWaiting(message.WaitingJobs);
        return new FromNode { Status = message };
    }

    [LoggerMessage(2203, LogLevel.Information, "Miner {MinerId} (process {Pid}) joins grid {Grid} at {Front} with model {Model}")]
    private partial void LogJoined(string minerId, int pid, string grid, Uri front, string model);
}
