using System.Data.Common;
using Orleans.Embedded.AdoNet;
using Orleans.Embedded.Clustering;

namespace Orleans.Embedded.Tests.Clustering;

/// <summary>A table that can be put out of reach.</summary>
internal sealed class BreakableTable(AdoNetMembershipTable table) : IMembershipTable, IDisposable
{
    private int _polls;

    public bool IsBroken { get; set; }

    /// <summary>How often it was polled, in vain or not.</summary>
    public int Polls => Volatile.Read(ref _polls);

    private AdoNetMembershipTable Table => IsBroken ? throw new UnreachableException() : table;

    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        return Table.PrepareAsync(cancellationToken);
    }

    public Task<MembershipView> ReadAsync(CancellationToken cancellationToken)
    {
        return Table.ReadAsync(cancellationToken);
    }

    public Task<TableReading> PollAsync(TimeSpan lateAfter, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _polls);
        return Table.PollAsync(lateAfter, cancellationToken);
    }

    public Task<TableReading> RenewAsync(
        SiloAddress silo, TimeSpan lease, TimeSpan lateAfter, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _polls);
        return Table.RenewAsync(silo, lease, lateAfter, cancellationToken);
    }

    public Task<SiloLease?> JoinAsync(LocalNode silo, TimeSpan lease, CancellationToken cancellationToken)
    {
        return Table.JoinAsync(silo, lease, cancellationToken);
    }

    public Task SetStatusAsync(LocalNode silo, SiloStatus status, CancellationToken cancellationToken)
    {
        return Table.SetStatusAsync(silo, status, cancellationToken);
    }

    public Task<bool> TryDeclareDeadAsync(SiloAddress silo, long? lastRenewal, CancellationToken cancellationToken)
    {
        return Table.TryDeclareDeadAsync(silo, lastRenewal, cancellationToken);
    }

    public Task LeaveAsync(SiloAddress silo, CancellationToken cancellationToken)
    {
        return Table.LeaveAsync(silo, cancellationToken);
    }

    public Task ForgetDeadAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        return Table.ForgetDeadAsync(age, cancellationToken);
    }

    public void Dispose()
    {
        table.Dispose();
    }

    private sealed class UnreachableException() : DbException("The table is out of reach.")
    {
        public override bool IsTransient => true;
    }
}
