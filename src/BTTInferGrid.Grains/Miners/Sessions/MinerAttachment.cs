using BTTInferGrid.Compute;
using Orleans.Runtime.Placement;

namespace BTTInferGrid.Grains.Miners.Sessions;

/// <summary>
/// Brings a miner's grain to the silo that holds the miner's session. The grain may still live where an earlier session
/// was; it then makes room, and the call is repeated with a placement hint for this silo.
/// </summary>
internal sealed class MinerAttachment(
    IGrainFactory grains, ILocalSiloDetails silo, MinerSessions sessions, TimeProvider time)
{
    private static readonly TimeSpan PauseStep = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Attaches a session. Returns when the grain has it, or when the session is no longer the current one.</summary>
    /// <exception cref="RequestRefusedException">The grid does not want the offer.</exception>
    public async Task AttachAsync(IMinerSession session, MinerOffer offer, CancellationToken cancellationToken)
    {
        for (var pause = PauseStep; sessions.IsCurrent(session); pause = pause < MaxPause ? pause + PauseStep : MaxPause)
        {
            try
            {
                RequestContext.Set(IPlacementDirector.PlacementHintKey, silo.SiloAddress);
                if (await grains.GetMiner(session.MinerId).Attach(silo.SiloAddress, offer))
                {
                    return;
                }
            }
            catch (Exception failure) when (failure is not (RequestRefusedException or OperationCanceledException))
            {
                // The grain's silo is gone or not declared dead yet, or the grain cannot read its record. The loop outlasts that.
            }
            finally
            {
                RequestContext.Remove(IPlacementDirector.PlacementHintKey);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>Removes a session that has ended, and reports it unless another session has taken its place.</summary>
    public async Task DetachAsync(IMinerSession session, string reason)
    {
        if (sessions.Remove(session))
        {
            await grains.GetMiner(session.MinerId).Detach(silo.SiloAddress, reason);
        }
    }

    /// <summary>Reports what a miner is doing.</summary>
    public Task ReportAsync(IMinerSession session) => grains.GetMiner(session.MinerId).ReportStatus(silo.SiloAddress, session.Status);
}
