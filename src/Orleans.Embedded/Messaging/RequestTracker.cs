using Orleans.Embedded.Clustering;
using Orleans.Embedded.Directory;
using Orleans.Runtime;

namespace Orleans.Embedded.Messaging;

/// <summary>
/// Knows which silo has each request that was made here, because the death of that silo ends the call. A request moves
/// while it is not executed; whoever sends it on tells the silo that made it. Such news may overtake each other, so they
/// carry the number of hops, and the latest hop counts.
/// </summary>
internal sealed class RequestTracker(
    LocalNode node,
    IMessageTransport transport,
    IClusterMembership membership,
    IGrainLocator locator,
    PendingCalls pending)
{
    private readonly SiloAddress _self = node.Address;
    private IDisposable? _membershipWatch;

    /// <summary>From here on the death of a silo ends the calls whose requests it has.</summary>
    public void Start()
    {
        _membershipWatch = membership.Watch(OnMembershipChanged);
    }

    public void Stop()
    {
        _membershipWatch?.Dispose();
    }

    /// <summary>Whether a silo is no member of the cluster any more.</summary>
    public bool IsGone(SiloAddress silo)
    {
        return membership.Current.IsDead(silo);
    }

    /// <summary>A request stays on this silo, which needs saying only if it was elsewhere before.</summary>
    public void StaysHere(Message request)
    {
        if (request.Hops == 0 || !request.SendingSilo.Equals(_self))
        {
            request.TargetSilo = _self;
        }
        else
        {
            request.NoteHolder(_self, ++request.Hops);
        }
    }

    /// <summary>A request was sent to a silo: notes it, or tells the silo that made the request.</summary>
    public void WasSent(Message request, SiloAddress silo, int hops)
    {
        if (request.SendingSilo.Equals(_self))
        {
            NoteHolder(request, silo, hops);
            return;
        }

        transport.Send(new Message
        {
            Kind = MessageKind.Moved,
            Id = request.Id,
            Hops = hops,
            SendingSilo = _self,
            TargetSilo = request.SendingSilo,
            TargetGrain = request.TargetGrain,
            Body = silo,
        });
    }

    /// <summary>Another silo says where it sent a request that was made here.</summary>
    public void OnMoved(Message notice)
    {
        locator.Forget(notice.TargetGrain, notice.SendingSilo);
        if (pending.Find(notice.Id) is { } request)
        {
            NoteHolder(request, (SiloAddress)notice.Body!, notice.Hops);
        }
    }

    private void NoteHolder(Message request, SiloAddress silo, int hops)
    {
        request.NoteHolder(silo, hops);
        if (membership.Current.StatusOf(silo) == SiloStatus.Dead)
        {
            // It died before this was noted, so that its death did not end the call.
            pending.FailAllTo(silo);
        }
    }

    private void OnMembershipChanged(MembershipView previous, MembershipView current)
    {
        foreach (var silo in current.NewlyDead(previous))
        {
            locator.ForgetSilo(silo);
            pending.FailAllTo(silo);
        }
    }
}
