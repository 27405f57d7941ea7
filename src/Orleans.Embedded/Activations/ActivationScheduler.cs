using Orleans.Embedded.Messaging;

namespace Orleans.Embedded.Activations;

/// <summary>
/// Runs the turns of one activation, one after the other: requests that start, and the continuations of requests that
/// wait, which come here because this is the current task scheduler of every turn.
/// </summary>
internal sealed class ActivationScheduler(Activation activation) : TaskScheduler, ITurnQueue, IThreadPoolWorkItem
{
    /// <summary>How many turns run before other activations get the thread.</summary>
    private const int TurnsAtOnce = 64;

    /// <summary>Every so often an activation queues up behind everybody else's work.</summary>
    private const int SchedulingsPerThread = 32;

    [ThreadStatic]
    private static int _schedulings;

    // Nearly always at most one turn waits, so the queue behind it is made only when needed.
    private object? _next;
    private Queue<object>? _more;
    private bool _isRunning;

    public void Enqueue(object turn)
    {
        lock (this)
        {
            if (_next is null)
            {
                _next = turn;
            }
            else
            {
                (_more ??= new Queue<object>()).Enqueue(turn);
            }

            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        // The thread's own queue is the fastest, and the thread empties it before it looks elsewhere: grains that call
        // each other without end would keep timers and sockets waiting for seconds.
        var isFair = ++_schedulings % SchedulingsPerThread == 0;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: !isFair);
    }

    void IThreadPoolWorkItem.Execute()
    {
        ActivationContext.Current = activation;
        try
        {
            // The task gives the turns their task scheduler. It is made here, on a thread of the pool, because a task
            // keeps the execution context of its maker, and a caller's is none of the grain's business.
            new Task(static self => ((ActivationScheduler)self!).RunTurns(), this).RunSynchronously(this);
        }
        finally
        {
            ActivationContext.Current = null;
        }
    }

    protected override void QueueTask(Task task)
    {
        Enqueue(task);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
    {
        return ReferenceEquals(ActivationContext.Current, activation) && TryExecuteTask(task);
    }

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (this)
        {
            return [.. new[] { _next }.Concat(_more ?? []).OfType<Task>()];
        }
    }

    private void RunTurns()
    {
        var clean = ExecutionContext.Capture();
        for (var i = 0; i < TurnsAtOnce; i++)
        {
            object turn;
            lock (this)
            {
                if (_next is null)
                {
                    _isRunning = false;
                    return;
                }

                turn = _next;
                _next = _more is { Count: > 0 } ? _more.Dequeue() : null;
            }

            RunTurn(turn);

            // A method that is not async leaves its changes of async locals behind; the next turn starts clean.
            if (clean is not null && !ReferenceEquals(ExecutionContext.Capture(), clean))
            {
                ExecutionContext.Restore(clean);
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void RunTurn(object turn)
    {
        try
        {
            switch (turn)
            {
                case Message request:
                    activation.Start(request);
                    break;
                case Task task:
                    TryExecuteTask(task);
                    break;
                default:
                    ((Turn)turn).Run(activation);
                    break;
            }
        }
        catch (Exception error)
        {
            // A fault of the runtime, not of the grain: the request is lost, the turns after it go on.
            activation.Host.Lifecycle.ReportBrokenTurn(activation.Address, error);
        }
    }
}
