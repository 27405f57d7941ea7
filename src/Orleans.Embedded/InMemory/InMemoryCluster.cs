using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Serialization;
using Orleans.Embedded.State;
using Orleans.Runtime;

namespace Orleans.Embedded.InMemory;

/// <summary>What the silos and clients of one cluster share when they all run in this process.</summary>
internal sealed class InMemoryCluster
{
    private readonly ConcurrentDictionary<SiloAddress, InMemoryNode> _nodes = new();
    private readonly ConcurrentDictionary<string, MemoryRecords> _records = new(StringComparer.Ordinal);
    private long _fencingToken;
    private readonly MembershipFeed _feed = new();
    private ImmutableDictionary<SiloAddress, SiloInfo> _info = ImmutableDictionary<SiloAddress, SiloInfo>.Empty;

    public InMemoryCluster()
    {
        _feed.Publish(new MembershipView(new MembershipVersion(0), MembershipView.Empty.Members));
    }

    public MembershipView View => _feed.Current;

    /// <summary>The rows of the grain directory.</summary>
    public ConcurrentDictionary<GrainId, GrainAddress> Rows { get; } = new();

    /// <summary>A number higher than all before.</summary>
    public long NextFencingToken()
    {
        return Interlocked.Increment(ref _fencingToken);
    }

    /// <summary>The records of a store, which outlive the silos.</summary>
    public MemoryRecords RecordsOf(string storageName)
    {
        return _records.GetOrAdd(storageName, static _ => new MemoryRecords());
    }

    public void Connect(SiloAddress node, IMessageReceiver receiver, MessageFormat format)
    {
        _nodes[node] = new InMemoryNode(receiver, format);
    }

    /// <summary>Delivers nothing more to a node; completes when the deliveries that run have ended.</summary>
    public Task DisconnectAsync(SiloAddress node)
    {
        return _nodes.TryRemove(node, out var removed) ? removed.CloseAsync() : Task.CompletedTask;
    }

    /// <summary>The silo that is connected at an endpoint, or null.</summary>
    public SiloAddress? FindAt(IPEndPoint endpoint)
    {
        return _nodes.Keys.FirstOrDefault(node => !node.IsClient && node.Endpoint.Equals(endpoint));
    }

    /// <summary>Hands the bytes of a message to a silo. False when it is not connected.</summary>
    public bool TryDeliver(ReadOnlySpan<byte> message, MessageEnds ends)
    {
        return _nodes.TryGetValue(ends.To, out var node) && node.TryDeliver(message, ends);
    }

    /// <summary>Notes what a silo says of itself; it is seen with the silo's next status.</summary>
    public void SetInfo(SiloAddress silo, SiloInfo info)
    {
        ImmutableInterlocked.Update(ref _info, all => all.SetItem(silo, info));
    }

    /// <summary>Sets a silo's status and tells all watchers, one change after the other.</summary>
    public void SetStatus(SiloAddress silo, SiloStatus status)
    {
        _feed.Update(previous =>
        {
            if (previous.StatusOf(silo) >= status)
            {
                return previous;
            }

            var members = previous.Members.SetItem(silo, status);
            foreach (var older in members.Keys.Where(member => member.IsPredecessorOf(silo)))
            {
                members = members.SetItem(older, SiloStatus.Dead);
            }

            var next = new MembershipView(new MembershipVersion(previous.Version.Value + 1), members, _info);
            if (next.NewlyDead(previous).Any())
            {
                RemoveRows(next);
            }

            return next;
        });
    }

    public IDisposable Watch(Action<MembershipView, MembershipView> onChange)
    {
        return _feed.Watch(onChange);
    }

    private void RemoveRows(MembershipView view)
    {
        foreach (var row in Rows)
        {
            if (view.StatusOf(row.Value.SiloAddress!) == SiloStatus.Dead)
            {
                Rows.TryRemove(row);
            }
        }
    }
}
