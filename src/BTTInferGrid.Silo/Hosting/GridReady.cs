using BTTInferGrid.Compute;
using BTTInferGrid.Silo.Configuration;

namespace BTTInferGrid.Silo.Hosting;

/// <summary>Waits until every model has a miner that gets jobs, and reports its progress.</summary>
internal static class GridReady
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <returns>False when the process was stopped meanwhile.</returns>
    public static async Task<bool> WaitAsync(IServiceProvider services, SiloFile file, Action<string> progress, CancellationToken stop)
    {
        var grains = services.GetRequiredService<IGrainFactory>();
        using var poll = new PeriodicTimer(Period, services.GetRequiredService<TimeProvider>());
        var said = "";
        try
        {
            do
            {
                var (ready, text) = await LookAsync(grains, file);
                if (text != said)
                {
                    progress(said = text);
                }

                if (ready)
                {
                    return true;
                }
            }
            while (await poll.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop before it was ready.
        }

        return false;
    }

    private static async Task<(bool Ready, string Text)> LookAsync(IGrainFactory grains, SiloFile file)
    {
        var ready = true;
        var parts = new List<string>();
        foreach (var model in file.Models)
        {
            var miners = await grains.GetGrain<IModelGrain>(model.Id).Miners();
            ready &= miners.Any(static miner => miner.State == MinerState.Active);
            parts.Add(miners.IsEmpty
                ? $"{model.Id}: waiting for a miner"
                : $"{model.Id}: {string.Join(", ", miners.CountBy(static miner => miner.State).Select(static count => $"{count.Value} {count.Key.ToString().ToLowerInvariant()}"))}");
        }

        return (ready, string.Join("; ", parts));
    }
}
