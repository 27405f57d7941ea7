using System.Collections.Concurrent;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Edge;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Placement;
using Orleans.Runtime;

namespace Orleans.Embedded.Directory;

/// <summary>
/// Finds the silo of a grain: by what was learned before, by the directory, or by choosing one for a grain that is not
/// active. What was learned is a hint: a silo that does not have the grain registers or passes on.
/// </summary>
internal sealed class GrainLocator(
    LocalNode node,
    IGrainDirectoryStore directory,
    IClusterMembership membership,
    GrainManifestIndex manifest,
    PlacementService placement) : IGrainLocator
{
    private const int MaxHints = 100_000;
    private readonly ConcurrentDictionary<GrainId, SiloAddress> _hints = new();
    private int _hintCount;

    public ValueTask<SiloAddress> LocateAsync(Message request)
    {
        var grainId = request.TargetGrain;
        if (_hints.TryGetValue(grainId, out var silo))
        {
            return new ValueTask<SiloAddress>(silo);
        }

        var lookup = directory.LookupAsync(EdgeGrainType.RowOf(grainId), CancellationToken.None);
        if (!lookup.IsCompletedSuccessfully)
        {
            return LocateWhenReadAsync(request, lookup);
        }

        var row = lookup.Result;
        return row is null || IsCurrent(row)
            ? ResolveAsync(request, row)
            : LocateAgainstAsync(request, row);
    }

    public async ValueTask<SiloAddress?> FindAsync(GrainId grainId)
    {
        if (!EdgeGrainType.Is(grainId.Type))
        {
            manifest.ClassOf(grainId.Type);
        }

        var row = await directory.LookupAsync(EdgeGrainType.RowOf(grainId), CancellationToken.None);
        return row is null || await IsStaleAsync(row, CancellationToken.None) ? null : row.SiloAddress;
    }

    public bool MustPlace(Message request)
    {
        return request is { ForwardCount: 0, SendingSilo.IsClient: true }
            && manifest.FindClass(request.TargetGrain.Type) is { HasDirector: true };
    }

    /// <summary>
    /// Registers an activation. Returns which one holds: the given one, or another that was registered first.
    /// </summary>
    public async ValueTask<GrainRegistration> RegisterAsync(GrainAddress address, CancellationToken cancellationToken)
    {
        var surviving = await directory.RegisterAsync(address, null, cancellationToken);
        while (!surviving.Holder.Matches(address)
            && (IsLeftBehind(surviving.Holder) || await IsStaleAsync(surviving.Holder, cancellationToken)))
        {
            surviving = await directory.RegisterAsync(address, surviving.Holder, cancellationToken);
        }

        return surviving;
    }

    public ValueTask UnregisterAsync(GrainAddress address, CancellationToken cancellationToken)
    {
        return directory.UnregisterAsync(address, cancellationToken);
    }

    /// <summary>Drops a hint that proved wrong.</summary>
    public void Forget(GrainId grainId, SiloAddress silo)
    {
        if (_hints.TryRemove(new KeyValuePair<GrainId, SiloAddress>(grainId, silo)))
        {
            Interlocked.Decrement(ref _hintCount);
        }
    }

    /// <summary>Drops all hints to a silo that died.</summary>
    public void ForgetSilo(SiloAddress silo)
    {
        foreach (var hint in _hints)
        {
            if (hint.Value.Equals(silo))
            {
                Forget(hint.Key, silo);
            }
        }
    }

    private async ValueTask<SiloAddress> LocateWhenReadAsync(Message request, ValueTask<GrainAddress?> lookup)
    {
        var row = await lookup;
        return await (row is null || IsCurrent(row) ? ResolveAsync(request, row) : LocateAgainstAsync(request, row));
    }

    /// <summary>Locates a grain whose row names a silo that seems dead.</summary>
    private async ValueTask<SiloAddress> LocateAgainstAsync(Message request, GrainAddress row)
    {
        if (!await IsStaleAsync(row, CancellationToken.None))
        {
            return await ResolveAsync(request, row);
        }

        await directory.UnregisterAsync(row, CancellationToken.None);
        return await ResolveAsync(request, null);
    }

    private ValueTask<SiloAddress> ResolveAsync(Message request, GrainAddress? row)
    {
        var grainId = request.TargetGrain;
        var silo = row?.SiloAddress;
        if (silo is null)
        {
            if (EdgeGrainType.Is(grainId.Type))
            {
                throw EdgeErrors.NotConnected(grainId);
            }

            return placement.ChooseAsync(manifest.ClassOf(grainId.Type), request);
        }

        if (!silo.Equals(node.Address))
        {
            Remember(grainId, silo);
        }

        return new ValueTask<SiloAddress>(silo);
    }

    private void Remember(GrainId grainId, SiloAddress silo)
    {
        if (_hints.TryAdd(grainId, silo) && Interlocked.Increment(ref _hintCount) > MaxHints)
        {
            _hints.Clear();
            Interlocked.Exchange(ref _hintCount, 0);
        }
    }

    private bool IsCurrent(GrainAddress row)
    {
        return !membership.Current.IsDead(row.SiloAddress!);
    }

    /// <summary>
    /// Whether the row names an earlier activation of this silo: it could not be removed when that ended, because a new
    /// one is made only then.
    /// </summary>
    private bool IsLeftBehind(GrainAddress row)
    {
        return node.Address.Equals(row.SiloAddress);
    }

    /// <summary>Whether the row's silo is dead in a view that is at least as new as the row.</summary>
    private async ValueTask<bool> IsStaleAsync(GrainAddress row, CancellationToken cancellationToken)
    {
        if (!IsCurrent(row))
        {
            await membership.RefreshAsync(row.MembershipVersion, cancellationToken);
        }

        return !IsCurrent(row);
    }
}
