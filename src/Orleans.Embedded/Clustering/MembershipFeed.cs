using System.Collections.Immutable;

namespace Orleans.Embedded.Clustering;

/// <summary>The latest view of a cluster, and who is told of each change, in order.</summary>
internal sealed class MembershipFeed
{
    private readonly Lock _lock = new();
    private ImmutableList<Action<MembershipView, MembershipView>> _watchers = [];
    private MembershipView _current = MembershipView.Empty;

    public MembershipView Current => Volatile.Read(ref _current);

    /// <summary>Takes a view over unless a newer one came before.</summary>
    public void Publish(MembershipView next)
    {
        Update(current => next.Version > current.Version ? next : current);
    }

    /// <summary>Makes the next view from the current one; the same one means that nothing changes.</summary>
    public void Update(Func<MembershipView, MembershipView> change)
    {
        lock (_lock)
        {
            var previous = _current;
            var next = change(previous);
            if (ReferenceEquals(previous, next))
            {
                return;
            }

            Volatile.Write(ref _current, next);
            foreach (var watcher in _watchers)
            {
                watcher(previous, next);
            }
        }
    }

    public IDisposable Watch(Action<MembershipView, MembershipView> onChange)
    {
        ImmutableInterlocked.Update(ref _watchers, static (list, added) => list.Add(added), onChange);
        return new Watcher(this, onChange);
    }

    private sealed class Watcher(MembershipFeed feed, Action<MembershipView, MembershipView> onChange) : IDisposable
    {
        public void Dispose()
        {
            ImmutableInterlocked.Update(ref feed._watchers, static (list, removed) => list.Remove(removed), onChange);
        }
    }
}
