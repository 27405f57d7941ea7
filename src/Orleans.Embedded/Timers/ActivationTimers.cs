namespace Orleans.Embedded.Timers;

/// <summary>The timers of one activation. Once stopped, further ones never tick.</summary>
internal sealed class ActivationTimers(bool isStopped)
{
    private readonly HashSet<GrainTimer> _timers = [];
    private bool _isStopped = isStopped;

    public void Add(GrainTimer timer)
    {
        lock (_timers)
        {
            if (!_isStopped)
            {
                _timers.Add(timer);
                return;
            }
        }

        timer.Stop();
    }

    public void Remove(GrainTimer timer)
    {
        lock (_timers)
        {
            _timers.Remove(timer);
        }
    }

    public void Stop()
    {
        GrainTimer[] timers;
        lock (_timers)
        {
            _isStopped = true;
            timers = [.. _timers];
            _timers.Clear();
        }

        Array.ForEach(timers, static timer => timer.Stop());
    }
}
