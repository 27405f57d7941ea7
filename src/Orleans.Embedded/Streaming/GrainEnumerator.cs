using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.References;
using Orleans.Runtime;

namespace Orleans.Embedded.Streaming;

/// <summary>
/// The consumer's end of an enumeration: it asks for a batch when the one before is used up, which tells the producer how
/// far ahead it is.
/// </summary>
internal sealed class GrainEnumerator<T> : IAsyncEnumerator<T>
{
    private readonly Guid _id = Guid.NewGuid();
    private readonly GrainCaller _caller;
    private readonly GrainReference _target;
    private readonly int _maxBatchSize;
    private readonly CancellationTokenSource? _linked;
    private readonly CancellationToken _token;
    private readonly CancellationTokenRegistration _watch;
    private readonly StreamGrainRequest<T> _call;
    private readonly Action<Message> _onPulled;
    private Message? _pull;
    private SiloAddress? _producer;
    private StreamBatch<T> _batch = new(StreamState.More, []);
    private int _next;
    private bool _hasStarted;
    private bool _isOver;
    private int _isStopped;

    public GrainEnumerator(
        GrainCaller caller,
        GrainReference target,
        StreamGrainRequest<T> call,
        int maxBatchSize,
        CancellationToken token)
    {
        _caller = caller;
        _target = target;
        _call = call;
        _maxBatchSize = maxBatchSize;
        _onPulled = message => _pull = message;
        var argument = call.CancellationToken;
        if (argument.CanBeCanceled && token.CanBeCanceled && argument != token)
        {
            _linked = CancellationTokenSource.CreateLinkedTokenSource(argument, token);
            _token = _linked.Token;
        }
        else
        {
            _token = argument.CanBeCanceled ? argument : token;
        }

        _watch = _token.UnsafeRegister(static self => ((GrainEnumerator<T>)self!).OnCancelled(), this);
    }

    public T Current { get; private set; } = default!;

    public ValueTask<bool> MoveNextAsync()
    {
        if (_token.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(_token);
        }

        if (_next < _batch.Items.Count)
        {
            Current = _batch.Items[_next++];
            return new ValueTask<bool>(true);
        }

        return PullAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _watch.Unregister();
        _linked?.Dispose();
        if (!TryTakeStop())
        {
            return;
        }

        if (_token.IsCancellationRequested)
        {
            // The watch was taken off before it ran; a cancelled consumer waits for nobody.
            _caller.Send(_target, new StopRequest(_id));
            return;
        }

        try
        {
            await _caller.Call(_target, new StopRequest(_id));
        }
        catch (Exception error) when (error is OrleansException or TimeoutException or EnumerationAbortedException)
        {
            // The producer is gone, or ends when it notices that nobody asks for items any more.
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> PullAsync()
    {
        while (_batch.State == StreamState.More)
        {
            var isFirst = !_hasStarted;
            _hasStarted = true;
            await PullBatchAsync(isFirst);
            if (_batch.Items.Count > 0)
            {
                _next = 1;
                Current = _batch.Items[0];
                return true;
            }
        }

        _isOver = true;
        Current = default!;
        switch (_batch.State)
        {
            case StreamState.Failed:
                ExceptionDispatchInfo.Throw(_batch.Error!);
                break;
            case StreamState.Aborted:
                throw Gone() ?? (Exception)new EnumerationAbortedException(
                    $"The enumeration by {_target} ended: its grain was deactivated, "
                    + "or no item was asked for in time.");
        }

        return false;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask PullBatchAsync(bool isFirst)
    {
        try
        {
            _batch = await _caller.Call(
                _target, new PullRequest<T>(_id, _call, isFirst, _maxBatchSize, _token, _onPulled));
        }
        catch (EnumerationAbortedException) when (Gone() is { } gone)
        {
            throw gone;
        }

        // It is another one than before if the consumer's first question was passed on.
        _producer = _pull?.TargetSilo;
    }

    /// <summary>
    /// The error to give if the silo of the producer is gone: who took its place, and knows nothing of the enumeration,
    /// cannot say so.
    /// </summary>
    private SiloUnavailableException? Gone()
    {
        return _producer is { } silo && _caller.IsGone(silo)
            ? new SiloUnavailableException(
                $"The enumeration by {_target} ended: silo {silo}, where it ran, is not part of the cluster any more.")
            : null;
    }

    private void OnCancelled()
    {
        if (TryTakeStop())
        {
            _caller.Send(_target, new StopRequest(_id));
        }
    }

    /// <summary>
    /// Whether there is a producer to stop and nobody else does: cancellation and disposal may come at once.
    /// </summary>
    private bool TryTakeStop()
    {
        return _hasStarted && !_isOver && Interlocked.Exchange(ref _isStopped, 1) == 0;
    }
}
