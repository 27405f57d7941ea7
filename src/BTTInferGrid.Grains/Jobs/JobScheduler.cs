using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Jobs;

/// <summary>Finds a job its miner, and another when that one is lost, and tells the grid how each did.</summary>
internal sealed class JobScheduler(
    string jobId, string model, IGrainFactory grains, JobOptions options, TimeProvider time, JobTraceBuilder story)
{
    private const int MaxRefusals = 2;
    private static readonly TimeSpan BusyRetryAfter = TimeSpan.FromSeconds(2);
    private readonly IModelGrain _model = grains.GetGrain<IModelGrain>(model);
    private ImmutableArray<string> _tried = [];
    private readonly List<string> _refusedBy = [];
    private string? _minerId;
    private AttemptFailure? _fault;

    // What every miner refuses that is asked cannot be served, whoever is asked next.
    private bool IsRefused => story.Attempts > 0 && _refusedBy.Count == story.Attempts;

    /// <summary>Chooses the next miner.</summary>
    /// <exception cref="NoMinerException">There is none.</exception>
    /// <exception cref="ModelBusyException">All have as much to do as they can.</exception>
    /// <exception cref="RequestRefusedException">Every miner has refused the request.</exception>
    /// <exception cref="MinerFailedException">The job was placed too often already.</exception>
    public async Task<Route> PlaceAsync(RouteRequest request, CancellationToken cancellationToken)
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
    /// <param name="fault">What went wrong; null if nothing did.</param>
    /// <param name="outputTokens">Tokens that it made.</param>
    /// <param name="speed">How fast it was; zeros if unknown.</param>
    public async Task EndAsync(AttemptOutcome outcome, AttemptFailure? fault, int outputTokens, MinerSpeed speed)
    {
        story.AttemptEnded(outcome, fault?.Reason);
        _fault = fault;

        // All of these are one-way: nobody waits for an answer.
        await _model.Release(jobId, _minerId!);
        if (fault is { IsOurs: true })
        {
            return;
        }

        if (outcome == AttemptOutcome.Refused)
        {
            // A request that nobody can serve is held against no miner: a developer could suspend them all with it.
            _refusedBy.Add(_minerId!);
            return;
        }

        await ReportAsync(_minerId!, new MinerOutcome(jobId, outcome, fault?.Reason, outputTokens, speed));
        if (outcome == AttemptOutcome.Completed)
        {
            foreach (var minerId in _refusedBy)
            {
                await ReportAsync(
                    minerId, new MinerOutcome(jobId, AttemptOutcome.Refused, "it refused what another miner served.", 0, default));
            }
        }
    }

    private Task ReportAsync(string minerId, MinerOutcome outcome) =>
        grains.GetMiner(minerId).Report(outcome);

    private async Task<Route> ChooseAsync(RouteRequest request, CancellationToken cancellationToken)
    {
        // One miner could refuse what it does not like; a second one makes it the request's fault.
        if (IsRefused && story.Attempts >= MaxRefusals)
        {
            throw Refused();
        }

        if (story.Attempts >= options.MaxAttempts)
        {
            throw new MinerFailedException(
                _minerId!, $"{story.Attempts} miners were tried one after the other. This one: {_fault?.Reason}");
        }

        var since = time.GetTimestamp();
        var continues = request.Continues || story.Attempts > 0;
        while (true)
        {
            try
            {
                return await _model.Route(request with { Excluded = _tried, Continues = continues });
            }
            catch (NoMinerException) when (IsRefused)
            {
                throw Refused();
            }
            catch (NoMinerException) when (_fault?.Outcome == AttemptOutcome.Busy && story.OutputTokens == 0)
            {
                throw new ModelBusyException(model, "all miners that were asked have full queues.", BusyRetryAfter);
            }
            catch (ModelBusyException busy) when (busy.IsStarting)
            {
                await Task.Delay(options.RetryPause, time, cancellationToken);
            }
            catch (ModelBusyException) when (continues && time.GetElapsedTime(since) < options.RoomTimeout)
            {
                // A miner that was lost may be back, and have room.
                _tried = [];
                await Task.Delay(options.RetryPause, time, cancellationToken);
            }
            catch (NoMinerException) when (continues && time.GetElapsedTime(since) < options.ReplacementTimeout)
            {
                // A miner that was lost may be back.
                _tried = [];
                await Task.Delay(options.RetryPause, time, cancellationToken);
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException
                && continues && time.GetElapsedTime(since) < options.ReplacementTimeout)
            {
                // The silo of the model's grain has stopped, often the same that the miner was lost with; the grain comes back.
                await Task.Delay(options.RetryPause, time, cancellationToken);
            }
        }
    }

    private RequestRefusedException Refused() =>
        new(_fault?.Field ?? "request", $"{(story.Attempts == 1 ? "the miner that was asked" : $"all {story.Attempts} miners that were asked")}: {_fault?.Reason}");
}
