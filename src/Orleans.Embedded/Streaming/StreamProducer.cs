using System.Runtime.CompilerServices;
using Orleans.Embedded.Activations;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Messaging;

namespace Orleans.Embedded.Streaming;

/// <summary>The producer's end of an enumeration, whatever the type of its items.</summary>
internal abstract class StreamProducer(Activation activation, Guid id) : IDisposable
{
    private long _lastUse = activation.Host.Streams.Now;

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

    /// <summary>
    /// Whether a consumer that waits needs a sign of life, or one that does not wait has been away for too long.
    /// </summary>
    public bool IsDue(TimeSpan idle, TimeSpan responseTimeout)
    {
        return idle > (IsAsked ? responseTimeout / 2 : responseTimeout);
    }

    /// <summary>Gives a consumer that waits a sign of life, and ends the enumeration of one that does not.</summary>
    public void EndWait()
    {
        if (IsAsked)
        {
            Heartbeat();
        }
        else
        {
            _ = StopAsync();
        }
    }

    /// <summary>Cancels the producer's code; completes when it has run to its end.</summary>
    public abstract Task StopAsync();

    public void Dispose()
    {
        Cancellation.Dispose();
    }

    /// <summary>Tells a consumer that waits that the producer is alive.</summary>
    protected abstract void Heartbeat();
}

/// <summary>
/// The producer's end of an enumeration. It answers as soon as the next item is not there yet, and goes on while the
/// consumer is busy with what it got: up to one batch, less what the consumer may still have. Used in turns of the
/// activation only.
/// </summary>
internal sealed class StreamProducer<T> : StreamProducer
{
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IAsyncEnumerator<T> _items;
    private List<T> _ready = [];
    private int _room;
    private ValueTaskAwaiter<bool> _move;
    private Action? _onMoved;
    private Message? _asked;
    private int _maxBatchSize;
    private bool _isMoving;
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

        // Who asks has used up what it got.
        _asked = request;
        _maxBatchSize = maxBatchSize;
        _room = maxBatchSize;
        Touch();
        if (_end is not null)
        {
            Answer(_end);
        }
        else if (!_isMoving)
        {
            Produce();
        }
        else if (_ready.Count > 0)
        {
            AnswerReady();
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

    protected override void Heartbeat()
    {
        Answer(new StreamBatch<T>(StreamState.More, []));
    }

    /// <summary>Moves until there is no room, or nothing more without waiting.</summary>
    private void Produce()
    {
        try
        {
            while (_ready.Count < _room)
            {
                var move = _items.MoveNextAsync();
                if (!move.IsCompleted)
                {
                    AwaitMove(move);
                    break;
                }

                if (!move.GetAwaiter().GetResult())
                {
                    End(StreamState.Completed);
                    return;
                }

                _ready.Add(_items.Current);
            }
        }
        catch (Exception error)
        {
            End(StreamState.Failed, error);
            return;
        }

        if (_asked is not null && _ready.Count > 0)
        {
            AnswerReady();
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
        var isOver = false;
        try
        {
            isOver = !_move.GetResult();
            if (!isOver)
            {
                _ready.Add(_items.Current);
            }
        }
        catch (Exception error) when (_end is null)
        {
            End(StreamState.Failed, error);
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
        else if (isOver)
        {
            End(StreamState.Completed);
        }
        else
        {
            Produce();
        }
    }

    /// <summary>
    /// The producer's code ran to its end by itself; a consumer that does not wait learns it when it asks.
    /// </summary>
    private void End(StreamState state, Exception? error = null)
    {
        _end = new StreamBatch<T>(state, _ready, error);
        if (_asked is not null)
        {
            Answer(_end);
        }

        _ = DisposeItemsAsync();
    }

    private void AnswerReady()
    {
        var items = _ready;
        _ready = [];
        Answer(new StreamBatch<T>(StreamState.More, items));
    }

    private void Answer(StreamBatch<T> batch)
    {
        var request = _asked!;
        _asked = null;
        _room = _maxBatchSize - batch.Items.Count;
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
