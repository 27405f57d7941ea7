using System.Runtime.CompilerServices;
using Orleans.Embedded.Activations;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Messaging;

namespace Orleans.Embedded.Streaming;

/// <summary>The producer's end of an enumeration, whatever the type of its items.</summary>
internal abstract class StreamProducer(Activation activation, Guid id) : IDisposable
{
    private long _lastUse;

    public Guid Id => id;

    public Activation Activation => activation;

    /// <summary>When the consumer last asked or was answered, as a timestamp of the silo's clock.</summary>
    public long LastUse
    {
        get => Volatile.Read(ref _lastUse);
        protected set => Volatile.Write(ref _lastUse, value);
    }

    /// <summary>The source of the token that the producer's code got.</summary>
    protected CancellationTokenSource Cancellation { get; } = new();

    /// <summary>Whether the consumer waits for an item.</summary>
    public abstract bool IsAsked { get; }

    /// <summary>Answers with at most so many items, now or when there is one.</summary>
    public abstract void Pull(Message request, int maxBatchSize);

    /// <summary>Tells a consumer that waits that the producer is alive.</summary>
    public abstract void Heartbeat();

    /// <summary>Cancels the producer's code; completes when it has run to its end.</summary>
    public abstract Task StopAsync();

    public void Dispose()
    {
        Cancellation.Dispose();
    }
}

/// <summary>
/// The producer's end of an enumeration. It moves only when asked, collects what comes without waiting, and answers as
/// soon as the next item is not there yet. Used in turns of the activation only.
/// </summary>
internal sealed class StreamProducer<T> : StreamProducer
{
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IAsyncEnumerator<T> _items;
    private ValueTaskAwaiter<bool> _move;
    private Action? _onMoved;
    private Message? _asked;
    private int _maxBatchSize;
    private bool _isMoving;
    private bool _hasCurrent;
    private StreamBatch<T>? _end;

    public StreamProducer(Activation activation, Guid id, StreamGrainRequest<T> body)
        : base(activation, id)
    {
        body.CancellationToken = Cancellation.Token;
        _items = body.Invoke(activation.GrainInstance!).GetAsyncEnumerator(Cancellation.Token);
    }

    public override bool IsAsked => _asked is not null;

    public override void Pull(Message request, int maxBatchSize)
    {
        if (_asked is not null)
        {
            Activation.Fail(
                request, new InvalidOperationException("The enumerator was moved while it was still moving."));
            return;
        }

        _asked = request;
        _maxBatchSize = maxBatchSize;
        Touch();
        if (_end is not null)
        {
            Answer(_end);
        }
        else if (!_isMoving)
        {
            Produce();
        }
    }

    public override void Heartbeat()
    {
        if (_asked is not null)
        {
            Answer(new StreamBatch<T>(StreamState.More, []));
        }
    }

    public override Task StopAsync()
    {
        if (_end is null)
        {
            _end = StreamBatch<T>.Aborted;
            CancelItems();
            if (!_isMoving)
            {
                // An iterator cannot be disposed of while it moves; then OnMoved does it.
                _ = DisposeItemsAsync();
            }

            if (_asked is not null)
            {
                Answer(_end);
            }
        }

        Activation.Streams!.Remove(this);
        return _disposed.Task;
    }

    /// <summary>Moves until there is a full batch, or nothing more without waiting.</summary>
    private void Produce()
    {
        var items = new List<T>();
        try
        {
            if (_hasCurrent)
            {
                _hasCurrent = false;
                items.Add(_items.Current);
            }

            while (items.Count < _maxBatchSize)
            {
                var move = _items.MoveNextAsync();
                if (!move.IsCompleted)
                {
                    AwaitMove(move);
                    break;
                }

                if (!move.GetAwaiter().GetResult())
                {
                    End(new StreamBatch<T>(StreamState.Completed, items));
                    return;
                }

                items.Add(_items.Current);
            }
        }
        catch (Exception error)
        {
            End(new StreamBatch<T>(StreamState.Failed, items, error));
            return;
        }

        if (items.Count > 0)
        {
            Answer(new StreamBatch<T>(StreamState.More, items));
        }
    }

    private void AwaitMove(ValueTask<bool> move)
    {
        _isMoving = true;
        _move = move.GetAwaiter();
        _move.UnsafeOnCompleted(_onMoved ??= OnMoved);
    }

    private void OnMoved()
    {
        _isMoving = false;
        try
        {
            _hasCurrent = _move.GetResult();
        }
        catch (Exception error) when (_end is null)
        {
            End(new StreamBatch<T>(StreamState.Failed, [], error));
            return;
        }
        catch (Exception error)
        {
            ReportUnlessCancelled(error);
        }

        if (_end is not null)
        {
            _ = DisposeItemsAsync();
        }
        else if (!_hasCurrent)
        {
            End(new StreamBatch<T>(StreamState.Completed, []));
        }
        else if (_asked is not null)
        {
            Produce();
        }
    }

    /// <summary>
    /// The producer's code ran to its end by itself; a consumer that does not wait learns it when it asks.
    /// </summary>
    private void End(StreamBatch<T> end)
    {
        _end = end;
        if (_asked is not null)
        {
            Answer(end);
        }

        _ = DisposeItemsAsync();
    }

    private void Answer(StreamBatch<T> batch)
    {
        var request = _asked!;
        _asked = null;
        Touch();
        if (ReferenceEquals(batch, _end))
        {
            Activation.Streams!.Remove(this);
        }

        Activation.Succeed(request, batch);
    }

    /// <summary>Cancels the token that the producer's code got, in this turn of its grain.</summary>
    private void CancelItems()
    {
        try
        {
            Cancellation.Cancel();
        }
        catch (AggregateException error)
        {
            Activation.Host.Streams.ReportStopFailed(Activation.GrainId, error);
        }
    }

    private async Task DisposeItemsAsync()
    {
        try
        {
            await _items.DisposeAsync();
        }
        catch (Exception error)
        {
            ReportUnlessCancelled(error);
        }

        Dispose();
        _disposed.TrySetResult();
    }

    private void ReportUnlessCancelled(Exception error)
    {
        if (error is not OperationCanceledException)
        {
            Activation.Host.Streams.ReportStopFailed(Activation.GrainId, error);
        }
    }

    private void Touch()
    {
        LastUse = Activation.Host.Streams.Now;
    }
}
