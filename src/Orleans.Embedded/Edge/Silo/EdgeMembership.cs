using System.Collections.Immutable;
using Orleans.Embedded.Clustering;
using Orleans.Runtime;

namespace Orleans.Embedded.Edge;

/// <summary>
/// The cluster as an edge silo sees it: itself, and its gateway. Each connection is a silo of its own, and dies when it is
/// lost; so calls pending there end as they do everywhere.
/// </summary>
internal sealed class EdgeMembership(LocalNode node) : IClusterMembership
{
    private readonly Lock _lock = new();
    private ImmutableList<Action<MembershipView, MembershipView>> _watchers = [];
    private MembershipView _view = new(
        new MembershipVersion(0), ImmutableDictionary<SiloAddress, SiloStatus>.Empty.Add(node.Address, SiloStatus.Active));

    public MembershipView Current => Volatile.Read(ref _view);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        return Task.CompletedTask;
    }

    public Task AbandonAsync()
    {
        return Task.CompletedTask;
    }

    public IDisposable Watch(Action<MembershipView, MembershipView> onChange)
    {
        ImmutableInterlocked.Update(ref _watchers, static (list, added) => list.Add(added), onChange);
        return new Watcher(this, onChange);
    }

    public ValueTask RefreshAsync(MembershipVersion minimum, CancellationToken cancellationToken)
    {
        return ValueTask.CompletedTask;
    }

    public Task UpdateStatusAsync(SiloStatus status, CancellationToken cancellationToken)
    {
        return Task.CompletedTask;
    }

    /// <summary>Notes the state of a connection; those before it are forgotten.</summary>
    public void SetGateway(SiloAddress gateway, SiloStatus status)
    {
        lock (_lock)
        {
            var previous = _view;
            var next = new MembershipView(
                new MembershipVersion(previous.Version.Value + 1),
                ImmutableDictionary<SiloAddress, SiloStatus>.Empty
                    .Add(node.Address, SiloStatus.Active).Add(gateway, status));
            Volatile.Write(ref _view, next);
            foreach (var watcher in _watchers)
            {
                watcher(previous, next);
            }
        }
    }

    private sealed class Watcher(EdgeMembership membership, Action<MembershipView, MembershipView> onChange) : IDisposable
    {
        public void Dispose()
        {
            ImmutableInterlocked.Update(
                ref membership._watchers, static (list, removed) => list.Remove(removed), onChange);
        }
    }
}
