using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Embedded.Clustering;

/// <summary>
/// Membership by leases in a table that all silos share. This silo renews its lease in each beat; one that cannot is
/// fenced before its lease ends, and goes on if it can renew before somebody declares it dead. In each beat it also
/// reads what changed, and looks after silos that did not renew theirs.
/// </summary>
internal sealed partial class LeasedMembership : IClusterMembership, IDisposable
{
    private readonly LocalNode _node;
    private readonly IMembershipTable _table;
    private readonly SiloFence _fence;
    private readonly ISiloProbe _probe;
    private readonly IFatalHandler _fatal;
    private readonly TimeProvider _clock;
    private readonly ClusterMembershipOptions _options;
    private readonly SiloLeaseOptions _lease;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<SiloAddress, bool> _beingProbed = new();
    private readonly MembershipFeed _feed = new();
    private Task _following = Task.CompletedTask;
    private long _renewed;
    private long _unbrokenSince;
    private bool _isCutOff;
    private int _isMember;
    private int _isBeating;

    public LeasedMembership(
        LocalNode node,
        IMembershipTable table,
        SiloFence fence,
        ISiloProbe probe,
        IFatalHandler fatal,
        TimeProvider clock,
        IOptions<ClusterMembershipOptions> options,
        IOptions<SiloLeaseOptions> lease,
        ILogger<LeasedMembership> logger)
    {
        (_node, _table, _fence, _probe, _fatal, _clock) = (node, table, fence, probe, fatal, clock);
        (_options, _lease, _logger) = (options.Value, lease.Value, logger);
        if (_lease.Margin < TimeSpan.Zero || _lease.Lease <= _lease.Margin + _options.IAmAliveTablePublishTimeout
            || _options.IAmAliveTablePublishTimeout <= TimeSpan.Zero
            || _lease.SuspectAfter <= _options.IAmAliveTablePublishTimeout)
        {
            throw new OrleansConfigurationException(
                $"A lease of {_lease.Lease} with a margin of {_lease.Margin}, renewed every "
                + $"{_options.IAmAliveTablePublishTimeout} and suspected after {_lease.SuspectAfter}, cannot work: the "
                + "lease less the margin, and the time of suspicion, must be more than the time between renewals.");
        }
    }

    public MembershipView Current => _feed.Current;

    /// <summary>Whether this silo left, or was declared dead.</summary>
    public bool HasEnded => _end.IsCancellationRequested;

    /// <summary>Whether no beat runs, nor what it began.</summary>
    public bool IsAtRest => Volatile.Read(ref _isBeating) == 0 && _beingProbed.IsEmpty;

    private bool IsMember => Volatile.Read(ref _isMember) != 0;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await PersistAsync(
            async () =>
            {
                await _table.PrepareAsync(cancellationToken);
                await CatchUpAsync(cancellationToken);
                return true;
            },
            cancellationToken);
        _following = FollowAsync();
    }

    public IDisposable Watch(Action<MembershipView, MembershipView> onChange)
    {
        return _feed.Watch(onChange);
    }

    public async ValueTask RefreshAsync(MembershipVersion minimum, CancellationToken cancellationToken)
    {
        if (Current.Version < minimum)
        {
            await CatchUpAsync(cancellationToken);
        }
    }

    public async Task UpdateStatusAsync(SiloStatus status, CancellationToken cancellationToken)
    {
        switch (status)
        {
            case SiloStatus.Joining:
                await JoinAsync(cancellationToken);
                break;
            case SiloStatus.Dead:
                await AbandonAsync();
                await _table.LeaveAsync(_node.Address, cancellationToken);
                break;
            case SiloStatus.ShuttingDown:
                await _table.SetStatusAsync(_node, status, cancellationToken);
                break;
            default:
                await PersistAsync(
                    async () =>
                    {
                        await _table.SetStatusAsync(_node, status, cancellationToken);
                        return true;
                    },
                    cancellationToken);
                break;
        }

        await CatchUpAsync(cancellationToken);
    }

    public async Task AbandonAsync()
    {
        Interlocked.Exchange(ref _isMember, 0);
        _fence.RaiseForGood();
        await _end.CancelAsync();
        await _following;
    }

    public void Dispose()
    {
        _end.Cancel();
    }

    /// <summary>
    /// Takes a lease. A silo that had one at this endpoint is gone, because this one listens there now, unless it still
    /// renews: then two machines were given one address.
    /// </summary>
    private async Task JoinAsync(CancellationToken cancellationToken)
    {
        SiloLease? before = null;
        while (true)
        {
            var sent = _clock.GetTimestamp();
            var lease = await PersistAsync(
                () => _table.JoinAsync(_node, _lease.Lease, cancellationToken), cancellationToken)
                ?? throw new OrleansConfigurationException(
                    $"Another run of silo {_node.Address} was part of cluster '{_node.ClusterId}'. Start the silo again.");
            if (lease.IsOwn)
            {
                NoteRenewal(sent);
                Interlocked.Exchange(ref _isMember, 1);
                await _table.ForgetDeadAsync(_options.DefunctSiloExpiration, cancellationToken);
                return;
            }

            if (lease.Silo.Equals(before?.Silo) && lease.Renewal != before.Renewal)
            {
                throw new OrleansConfigurationException(
                    $"Silo {lease.Silo} of cluster '{_node.ClusterId}' is alive and has the same endpoint. Give each "
                    + "silo an endpoint of its own.");
            }

            before = lease;
            if (lease.Age < _lease.SuspectAfter && !lease.HasRunOut)
            {
                await Task.Delay(_lease.SuspectAfter - lease.Age, _clock, cancellationToken);
            }
            else if (await _table.TryDeclareDeadAsync(lease.Silo, lease.Renewal, cancellationToken))
            {
                LogReplaced(_node.Address, lease.Silo);
            }
        }
    }

    private async Task FollowAsync()
    {
        var period = _node.Address.IsClient ? _options.TableRefreshTimeout : _options.IAmAliveTablePublishTimeout;
        using var timer = new PeriodicTimer(period, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                await TryBeatAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The silo leaves, or is dead.
        }
    }

    private async Task TryBeatAsync()
    {
        Interlocked.Exchange(ref _isBeating, 1);
        try
        {
            await BeatAsync();
            if (_isCutOff)
            {
                _isCutOff = false;
                LogReachable(_node.Address);
            }
        }
        catch (Exception error) when (!_end.IsCancellationRequested)
        {
            if (!_isCutOff)
            {
                LogCutOff(_node.Address, error);
            }

            _isCutOff = true;
        }
        finally
        {
            Interlocked.Exchange(ref _isBeating, 0);
        }
    }

    private async Task BeatAsync()
    {
        var sent = _clock.GetTimestamp();
        var isMember = IsMember;
        var reading = isMember
            ? await _table.RenewAsync(_node.Address, _lease.Lease, _lease.SuspectAfter, _end.Token)
            : await _table.PollAsync(_lease.SuspectAfter, _end.Token);
        if (isMember && !reading.HasLease)
        {
            Die();
            return;
        }

        if (isMember)
        {
            NoteRenewal(sent);
            foreach (var late in reading.Late)
            {
                _ = LookAfterAsync(late);
            }
        }

        await RefreshAsync(reading.Version, _end.Token);
    }

    /// <summary>Puts the fence off: the lease lasts at least from when its renewal was sent.</summary>
    private void NoteRenewal(long sent)
    {
        if (!IsMember || _clock.GetElapsedTime(_renewed, sent) > _lease.SuspectAfter)
        {
            _unbrokenSince = sent;
        }

        _renewed = sent;
        var time = (_lease.Lease - _lease.Margin).TotalSeconds * _clock.TimestampFrequency;
        _fence.PutOff(sent + (long)time);
    }

    /// <summary>
    /// Declares a silo dead that did not renew: at once if nobody listens at its endpoint, otherwise when its lease has
    /// run out. But a silo that could not renew itself lately does not know whether the others could.
    /// </summary>
    private async Task LookAfterAsync(SiloLease late)
    {
        if (!_beingProbed.TryAdd(late.Silo, true))
        {
            return;
        }

        try
        {
            var isGone = await _probe.IsGoneAsync(late.Silo, _end.Token);
            var mayJudge = late.HasRunOut && _clock.GetElapsedTime(_unbrokenSince) >= _lease.Lease;
            if ((isGone || mayJudge) && !_fence.IsUp
                && await _table.TryDeclareDeadAsync(late.Silo, isGone ? late.Renewal : null, _end.Token))
            {
                LogDeclaredDead(late.Silo, late.Age, isGone ? "and nobody listens at its endpoint" : "in time");
                await CatchUpAsync(_end.Token);
            }
        }
        catch (Exception error) when (!_end.IsCancellationRequested)
        {
            LogLookFailed(late.Silo, error);
        }
        catch (OperationCanceledException)
        {
            // This silo leaves.
        }
        finally
        {
            _beingProbed.TryRemove(late.Silo, out _);
        }
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        _feed.Publish(await _table.ReadAsync(cancellationToken));
        if (Current.StatusOf(_node.Address) == SiloStatus.Dead)
        {
            Die();
        }
    }

    private void Die()
    {
        if (Interlocked.Exchange(ref _isMember, 0) != 0)
        {
            _fence.RaiseForGood();
            _end.Cancel();
            LogDead(_node.Address);
            _fatal.OnFatal($"Silo {_node.Address} was declared dead by cluster '{_node.ClusterId}'.");
        }
    }

    /// <summary>Tries a step of the start again while the table is not reachable.</summary>
    private async Task<T> PersistAsync<T>(Func<Task<T>> step, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _end.Token);
        var started = _clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await step();
            }
            catch (DbException error) when (error.IsTransient)
            {
                if (_clock.GetElapsedTime(started) >= _options.MaxJoinAttemptTime)
                {
                    throw new OrleansException(
                        $"{_node.Name} could not reach the membership table of cluster '{_node.ClusterId}' for "
                        + $"{_options.MaxJoinAttemptTime} and does not start. See that its database runs and can be reached "
                        + $"from here: {error.Message}",
                        error);
                }

                LogCutOff(_node.Address, error);
            }

            await Task.Delay(_options.IAmAliveTablePublishTimeout, _clock, either.Token);
        }
    }

    [LoggerMessage(2601, LogLevel.Warning,
        "{Silo} cannot reach the membership table and tries again; its silo takes no requests once its lease ends.")]
    private partial void LogCutOff(SiloAddress silo, Exception error);

    [LoggerMessage(2602, LogLevel.Information, "{Silo} reaches the membership table again.")]
    private partial void LogReachable(SiloAddress silo);

    [LoggerMessage(2603, LogLevel.Warning, "Silo {Silo} is declared dead: it has not renewed its lease for {Age}, {How}.")]
    private partial void LogDeclaredDead(SiloAddress silo, TimeSpan age, string how);

    [LoggerMessage(2604, LogLevel.Warning, "Silo {Silo} replaces {Older}, which was at its endpoint and is dead.")]
    private partial void LogReplaced(SiloAddress silo, SiloAddress older);

    [LoggerMessage(2605, LogLevel.Warning, "Whether silo {Silo}, which is late, is dead could not be settled.")]
    private partial void LogLookFailed(SiloAddress silo, Exception error);

    [LoggerMessage(2606, LogLevel.Critical, "Silo {Silo} was declared dead: it takes no requests and ends.")]
    private partial void LogDead(SiloAddress silo);
}
