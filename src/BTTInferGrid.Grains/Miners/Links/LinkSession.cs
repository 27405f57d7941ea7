using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Miners.Sessions;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using Google.Protobuf;
using Grpc.Core;
using Reason = BTTInferGrid.Link.V1.Goodbye.Types.Reason;
using Status = BTTInferGrid.Link.V1.Status;

namespace BTTInferGrid.Grains.Miners.Links;

/// <summary>
/// A node's session on this silo. One reader and one writer, which end together; jobs are multiplexed on the stream.
/// Everything that the node sends is bounded: message sizes by the transport, tokens by credit, other messages by a rate,
/// what waits for the node by bytes. Thread safe.
/// </summary>
internal sealed class LinkSession(string minerId, LinkOptions options, TimeProvider time) : IMinerSession
{
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(1);
    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    // Small, and without a lock for each processor: a front has many sessions, and most of them run nothing.
    private readonly ConcurrentDictionary<ulong, LinkJob> _jobs = new(concurrencyLevel: 1, capacity: 1);
    private readonly Channel<ToNode> _outgoing = Channel.CreateUnbounded<ToNode>(new() { SingleReader = true });
    private readonly TaskCompletionSource<Goodbye> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LinkBudget _budget = new(options.OtherMessagesPerSecond, options.OtherMessagesBurst, time);
    private readonly LinkWatch _watch = new(options.HandshakeTimeout);
    private ulong _lastJob;
    private long _queuedBytes;
    private volatile bool _isStopping;
    private volatile bool _isDraining;
    private MinerOffer? _offer;
    private MinerStatus _status;

    /// <inheritdoc/>
    public string MinerId => minerId;

    /// <inheritdoc/>
    public MinerOffer? Offer => Volatile.Read(ref _offer);

    /// <inheritdoc/>
    public MinerStatus Status
    {
        get
        {
            lock (_jobs)
            {
                return _status with { IsDraining = _isDraining || _isStopping };
            }
        }
    }

    /// <inheritdoc/>
    public int Jobs => _jobs.Count;

    /// <summary>Messages that the grid does not know; they are ignored.</summary>
    public int UnknownMessages { get; private set; }

    /// <summary>Serves the session until either side ends it.</summary>
    /// <param name="from">The node's messages after the handshake.</param>
    /// <param name="to">Where messages to the node go.</param>
    /// <param name="offered">Called with each offer, before the next message is read.</param>
    /// <param name="reported">Called after each status.</param>
    /// <param name="cancellationToken">Cancelled when the connection ends.</param>
    /// <returns>Why it ended.</returns>
    public async Task<Goodbye> RunAsync(
        IAsyncStreamReader<FromNode> from, IServerStreamWriter<ToNode> to, Func<MinerOffer, CancellationToken, Task> offered,
        Func<Task> reported, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = WriteAsync(to, stop.Token);
        var reading = ReadAsync(from, offered, reported, stop.Token);
        await Task.WhenAny(reading, writing, _closed.Task);
        Close(Reason.Unspecified, "its connection ended.");
        var goodbye = await _closed.Task;
        foreach (var job in _jobs.Values)
        {
            job.Fail(new MinerLostException(MinerId, goodbye.Text) { IsByGrid = goodbye.Reason == Reason.Stopping });
        }

        _outgoing.Writer.TryWrite(new ToNode { Goodbye = goodbye });
        _outgoing.Writer.TryComplete();
        await ((Task)Task.WhenAny(writing, Task.Delay(GoodbyeTimeout, time, stop.Token))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await stop.CancelAsync();
        await Task.WhenAll(reading, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return goodbye;
    }

    /// <summary>Ends the session. Only the first call has an effect.</summary>
    public void Close(Reason reason, string text, TimeSpan retryAfter = default) =>
        _closed.TrySetResult(LinkMessages.ToGoodbye(reason, text, retryAfter));

    /// <summary>Ends the session because the node does not keep to the protocol. Only the first call has an effect.</summary>
    public void Break(string text) => Close(Reason.BrokenProtocol, text, LinkHandshake.LongPause);

    /// <inheritdoc/>
    public void Close(SessionEnd end, string reason)
    {
        switch (end)
        {
            case SessionEnd.Replaced:
                Close(Reason.Replaced, reason, LinkHandshake.LongPause);
                break;
            case SessionEnd.NotAdmitted:
                Close(Reason.NotAdmitted, reason, LinkHandshake.LongPause);
                break;
            default:
                Close(Reason.Stopping, reason);
                break;
        }
    }

    /// <summary>Takes no new jobs. The session ends when the running ones have ended.</summary>
    public void BeginStop() => _isStopping = true;

    /// <summary>Closes the session if the node is silent, offers nothing or does not read.</summary>
    /// <param name="elapsed">Time since the last check; <see cref="LinkWatch.Period"/> if this side was not delayed.</param>
    public void Check(TimeSpan elapsed)
    {
        if (_watch.Check(elapsed, isBusy: !_jobs.IsEmpty) is var (reason, text))
        {
            Close(reason, text);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<JobEvent> Generate(
        GenerateRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (number, job) = Begin(number => LinkMessages.ToMessage(number, request));
        var hasEnded = false;
        try
        {
            await foreach (var step in job.ReadAsync(cancellationToken))
            {
                hasEnded = step is JobResult;
                yield return step;
            }
        }
        finally
        {
            End(number, job, hasEnded);
        }
    }

    /// <inheritdoc/>
    public async Task<EmbedResult> Embed(EmbedRequest request, CancellationToken cancellationToken)
    {
        var (number, job) = Begin(
            number => LinkMessages.ToMessage(number, request), request.Inputs.Length * (long)LinkProtocol.MaxVectorLength);
        var hasEnded = false;
        try
        {
            var result = await job.ReadVectorsAsync(cancellationToken);
            hasEnded = true;
            return result;
        }
        finally
        {
            End(number, job, hasEnded);
        }
    }

    private (ulong Number, LinkJob Job) Begin(Func<ulong, ToNode> message, long maxVectorValues = 0)
    {
        if (_isStopping || _isDraining || _jobs.Count >= options.MaxJobs)
        {
            throw new MinerBusyException(MinerId);
        }

        var number = Interlocked.Increment(ref _lastJob);
        var job = new LinkJob(
            tokens => Send(new ToNode { Credit = new Credit { Job = number, Tokens = tokens } }), maxVectorValues);
        _jobs[number] = job;
        if (!TrySend(message(number), options.MaxQueuedBytes))
        {
            _jobs.TryRemove(number, out _);
            job.Dispose();
            throw _closed.Task.IsCompleted ? new MinerLostException(MinerId, "its connection ended.") : new MinerBusyException(MinerId);
        }

        if (_closed.Task.IsCompleted)
        {
            job.Fail(new MinerLostException(MinerId, "its connection ended."));
        }

        return (number, job);
    }

    private void End(ulong number, LinkJob job, bool hasEnded)
    {
        job.Dispose();
        // The node's own end of the job removes it; what the grid ends, the node must hear of.
        if (_jobs.TryRemove(number, out _) && !hasEnded)
        {
            Send(new ToNode { Cancel = new Cancel { Job = number } });
        }
    }

    private async Task ReadAsync(
        IAsyncStreamReader<FromNode> from, Func<MinerOffer, CancellationToken, Task> offered, Func<Task> reported,
        CancellationToken cancellationToken)
    {
        try
        {
            while (await from.MoveNext(cancellationToken))
            {
                _watch.Received();
                if (!await TryHandleAsync(from.Current, offered, reported, cancellationToken))
                {
                    return;
                }

                _watch.Handled();
            }
        }
        catch (RpcException tooLarge) when (tooLarge.StatusCode == StatusCode.ResourceExhausted)
        {
            Close(Reason.BrokenProtocol, $"it sent a message of more than {LinkProtocol.MaxMessageFromNode} bytes.");
        }
        catch (Exception malformed) when (malformed is InvalidProtocolBufferException or InvalidDataException)
        {
            Close(Reason.BrokenProtocol, "it sent a message that cannot be read.");
        }
    }

    private async ValueTask<bool> TryHandleAsync(
        FromNode message, Func<MinerOffer, CancellationToken, Task> offered, Func<Task> reported, CancellationToken cancellationToken)
    {
        switch (message.KindCase)
        {
            case FromNode.KindOneofCase.Tokens when _jobs.TryGetValue(message.Tokens.Job, out var job):
                return job.TryAdd(message.Tokens) || Refuse("it sent malformed tokens, or more than it was granted.");
            case FromNode.KindOneofCase.Vectors when _jobs.TryGetValue(message.Vectors.Job, out var job):
                return job.TryAdd(message.Vectors) || Refuse("it sent more vectors than a job can have.");
            case FromNode.KindOneofCase.Result when _jobs.TryRemove(message.Result.Job, out var job):
                job.Complete(message.Result);
                return true;
            case FromNode.KindOneofCase.Fault when _jobs.TryRemove(message.Fault.Job, out var job):
                job.Fail(ToException(message.Fault));
                return true;
        }

        if (!_budget.TryTake())
        {
            return Refuse("it sends too many messages.");
        }

        switch (message.KindCase)
        {
            case FromNode.KindOneofCase.Status when _offer is not null:
                HandleStatus(message.Status);
                await reported();
                return true;
            case FromNode.KindOneofCase.Offer:
                _watch.Offered();
                var offer = LinkMessages.ToOffer(MinerId, message.Offer);
                await offered(offer, cancellationToken);
                Volatile.Write(ref _offer, offer);
                return !_closed.Task.IsCompleted;
            case FromNode.KindOneofCase.Tokens when IsEnded(message.Tokens.Job):
            case FromNode.KindOneofCase.Vectors when IsEnded(message.Vectors.Job):
            case FromNode.KindOneofCase.Result when IsEnded(message.Result.Job):
            case FromNode.KindOneofCase.Fault when IsEnded(message.Fault.Job):
                // Was on its way when the job ended.
                return true;
            case FromNode.KindOneofCase.None:
                UnknownMessages++;
                return true;
            default:
                return Refuse($"it sent {message.KindCase} out of turn.");
        }
    }

    private bool IsEnded(ulong job) => job > 0 && job <= Volatile.Read(ref _lastJob);

    private void HandleStatus(Status message)
    {
        var status = LinkMessages.ToStatus(message);
        _isDraining = status.IsDraining;
        lock (_jobs)
        {
            _status = status;
        }

        // A job waits for others, so one that is computed must be among them.
        var waiting = message.WaitingJobs;
        if (waiting.Count < _jobs.Count)
        {
            foreach (var number in waiting)
            {
                if (_jobs.TryGetValue(number, out var job))
                {
                    job.Wait();
                }
            }
        }

        Send(new ToNode { Alive = new Alive() });
    }

    private bool Refuse(string text)
    {
        Break(text);
        return false;
    }

    private GridException ToException(Fault fault) => fault.Kind switch
    {
        Fault.Types.Kind.Busy => new MinerBusyException(MinerId),
        Fault.Types.Kind.Refused => new RequestRefusedException(Clip(fault.Field), Clip(fault.Reason)),
        _ => new MinerFailedException(MinerId, Clip(fault.Reason)),
    };

    private static string Clip(string text) => PrintableText.OneLine(text, LinkProtocol.MaxReasonLength);

    /// <summary>Sends a small message. A node that does not even leave room for these is cut.</summary>
    private void Send(ToNode message)
    {
        if (!TrySend(message, options.MaxQueuedBytes + LinkProtocol.MaxMessageToNode))
        {
            Close(Reason.TooSlow, "it does not read what is sent to it.");
        }
    }

    private bool TrySend(ToNode message, long limit)
    {
        var size = message.CalculateSize();
        if (size > LinkProtocol.MaxMessageToNode || Interlocked.Add(ref _queuedBytes, size) > limit)
        {
            Interlocked.Add(ref _queuedBytes, -size);
            return false;
        }

        return _outgoing.Writer.TryWrite(message);
    }

    private async Task WriteAsync(IServerStreamWriter<ToNode> to, CancellationToken cancellationToken)
    {
        await foreach (var message in _outgoing.Reader.ReadAllAsync(cancellationToken))
        {
            _watch.WriteBegins();

            // Messages that wait together are sent together.
            to.WriteOptions = _outgoing.Reader.TryPeek(out _) ? Buffered : null;
            await to.WriteAsync(message, cancellationToken);
            _watch.WriteEnded();
            Interlocked.Add(ref _queuedBytes, -message.CalculateSize());
        }
    }
}
