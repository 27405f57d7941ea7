using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Jobs;

/// <summary>Finds a job its miner, and another when that one is lost, and tells the grid how each did.</summary>
internal sealed class JobPlacer(
    string jobId, string model, IGrainFactory grains, JobOptions options, TimeProvider time, JobStory story)
{
    private readonly IModelGrain _model = grains.GetGrain<IModelGrain>(model);
    private ImmutableArray<string> _tried = [];
    private string? _minerId;
    private MinerFault? _fault;

    /// <summary>Chooses the next miner.</summary>
    /// <exception cref="NoMinerException">There is none.</exception>
    /// <exception cref="MinerBusyException">All have full queues.</exception>
    /// <exception cref="MinerFailedException">The job was placed too often already.</exception>
    public async Task<Placement> PlaceAsync(PlacementRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var placement = await ChooseAsync(request, cancellationToken);
            _minerId = placement.Miner.MinerId;
            _tried = _tried.Add(_minerId);
            story.Placed(placement);
            return placement;
        }
        catch (GridException failure)
        {
            story.Fail(failure.Message);
            throw;
        }
    }

    /// <summary>The part of the miner that was chosen last is over.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="reason">What went wrong; null if nothing did.</param>
    /// <param name="outputTokens">Tokens that it made.</param>
    /// <param name="speed">How fast it was; zeros if unknown.</param>
    public async Task EndAsync(AttemptOutcome outcome, string? reason, int outputTokens, MinerSpeed speed)
    {
        story.AttemptEnded(outcome, reason);
        _fault = reason is null ? null : new MinerFault(outcome, reason);

        // Both are one-way: nobody waits for an answer.
        await _model.Release(jobId, _minerId!);
        await grains.GetGrain<IMinerRecordGrain>(_minerId!).Report(new MinerOutcome(jobId, outcome, reason, outputTokens, speed));
    }

    private async Task<Placement> ChooseAsync(PlacementRequest request, CancellationToken cancellationToken)
    {
        if (story.Attempts >= options.MaxAttempts)
        {
            throw new MinerFailedException(
                _minerId!, $"{story.Attempts} miners were tried one after the other. This one: {_fault?.Reason}");
        }

        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await _model.Place(request with { Excluded = _tried });
            }
            catch (NoMinerException) when (_fault?.Outcome == AttemptOutcome.Busy && story.OutputTokens == 0)
            {
                throw new MinerBusyException(_minerId!);
            }
            catch (NoMinerException) when (story.Attempts > 0 && time.GetElapsedTime(since) < options.ReplacementTimeout)
            {
                // Whoever was lost may be back.
                _tried = [];
                await Task.Delay(options.PlacementPause, time, cancellationToken);
            }
        }
    }
}
