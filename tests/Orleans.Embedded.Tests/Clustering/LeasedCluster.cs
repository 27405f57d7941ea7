using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded.AdoNet;
using Orleans.Embedded.Clustering;

namespace Orleans.Embedded.Tests.Clustering;

/// <summary>
/// Memberships on a real database. The clock of each moves only when the test moves it; the database's clock is its own,
/// but a test can make the leases older.
/// </summary>
internal sealed class LeasedCluster(Func<Database> open) : ClusterUnderTest
{
    private static readonly TimeSpan Beat = new ClusterMembershipOptions().IAmAliveTablePublishTimeout;
    private readonly List<LeasedNode> _nodes = [];
    private readonly Database _database = open();

    public SiloLeaseOptions Lease { get; } = new();

    public IReadOnlyList<LeasedNode> Nodes => _nodes;

    public override async Task<IClusterMembership> AddAsync(LocalNode node)
    {
        var added = Make(node);
        await added.Membership.StartAsync(CancellationToken.None).Within($"the start of {node.Name}");
        return added.Membership;
    }

    /// <summary>Makes the membership of a node and does not start it.</summary>
    public LeasedNode Make(LocalNode node)
    {
        var made = new LeasedNode(node, new AdoNetMembershipTable(open(), Id), Lease);
        _nodes.Add(made);
        return made;
    }

    public LeasedNode NodeOf(IClusterMembership membership)
    {
        return _nodes.Single(node => ReferenceEquals(node.Membership, membership));
    }

    public override async Task Join(IClusterMembership membership)
    {
        var clock = NodeOf(membership).Clock;
        var join = base.Join(membership);
        await Signals.Until(() => join.IsCompleted || clock.HasTimers(2), "the join, or its wait for a predecessor");
        if (!join.IsCompleted)
        {
            // It waits by its own clock and looks at the database's.
            await AgeAsync(Lease.SuspectAfter, except: NodeOf(membership).Node.Address);
            clock.Advance(Lease.SuspectAfter);
        }

        await join;
    }

    public override async Task SettleAsync()
    {
        foreach (var node in _nodes.Where(static node => !node.IsEnded))
        {
            await node.BeatAsync(Beat);
        }
    }

    /// <summary>Makes leases as old as if a time had passed on the database's clock.</summary>
    public Task AgeAsync(TimeSpan by, SiloAddress? only = null, SiloAddress? except = null)
    {
        return _database.ChangeAsync(
            command =>
            {
                command.CommandText =
                    "update cluster_lease set renewed_at = renewed_at - @by, expires_at = expires_at - @by "
                    + "where cluster_id = @cluster and silo <> @except and (@only = '' or silo = @only)";
                command.Add("by", _database.Duration(by)).Add("cluster", Id)
                    .Add("except", except?.ToParsableString() ?? string.Empty)
                    .Add("only", only?.ToParsableString() ?? string.Empty);
            },
            static reader => reader.ReadAsync(),
            CancellationToken.None);
    }

    public override async ValueTask DisposeAsync()
    {
        _nodes.ForEach(static node => node.Dispose());
        _database.Dispose();
        await base.DisposeAsync();
    }
}

/// <summary>One member, with what a test can do to it.</summary>
internal sealed class LeasedNode : ISiloProbe, IFatalHandler, IDisposable
{
    private readonly BreakableTable _table;

    public LeasedNode(LocalNode node, AdoNetMembershipTable table, SiloLeaseOptions lease)
    {
        Node = node;
        _table = new BreakableTable(table);
        Fence = new SiloFence(Clock);
        Membership = new LeasedMembership(
            node, _table, Fence, this, this, Clock, Options.Create(new ClusterMembershipOptions()),
            Options.Create(lease), NullLogger<LeasedMembership>.Instance);
    }

    public LocalNode Node { get; }

    public ManualClock Clock { get; } = new();

    public SiloFence Fence { get; }

    public LeasedMembership Membership { get; }

    /// <summary>The silos at whose endpoints nobody listens, as this one sees it.</summary>
    public ConcurrentDictionary<SiloAddress, bool> Gone { get; } = new();

    /// <summary>Why the silo ended; null while it did not.</summary>
    public string? Fatal { get; private set; }

    /// <summary>Whether the member beats no more.</summary>
    public bool IsEnded => Membership.HasEnded;

    /// <summary>Whether the table is out of reach of this member.</summary>
    public bool IsCutOff
    {
        get => _table.IsBroken;
        set => _table.IsBroken = value;
    }

    /// <summary>Lets one beat begin and waits for its end.</summary>
    public async Task BeatAsync(TimeSpan period)
    {
        var beats = _table.Polls;
        Clock.Advance(period);
        await Signals.Until(() => _table.Polls > beats && Membership.IsAtRest, $"a beat of {Node.Name}");
    }

    public Task<bool> IsGoneAsync(SiloAddress silo, CancellationToken cancellationToken)
    {
        return Task.FromResult(Gone.ContainsKey(silo));
    }

    public void OnFatal(string reason)
    {
        Fatal = reason;
    }

    public void Dispose()
    {
        Membership.Dispose();
        _table.Dispose();
    }
}
