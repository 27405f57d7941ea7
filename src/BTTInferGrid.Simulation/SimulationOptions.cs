using BTTInferGrid.Grains.Jobs;
using BTTInferGrid.Grains.Miners;
using BTTInferGrid.Grains.Routing;

namespace BTTInferGrid.Simulation;

/// <summary>What a simulated grid consists of.</summary>
public sealed class SimulationOptions
{
    /// <summary>Silos that the grid starts with, 1 to 64; 1 unless set.</summary>
    public short Silos { get; set; } = 1;

    /// <summary>
    /// The clock of jobs, miners, probes, accounts and scripts; the system's unless set. Orleans, and the reports of miners, run by the system's
    /// clock all the same.
    /// </summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Most tokens, prompt and answer together, of one request; 1 or more.</summary>
    public int ContextTokens { get; set; } = 4096;

    /// <summary>How long the jobs of miners on a stopping silo may go on, 0 or more; 6 s unless set, as for links.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>Changes how miners are compared; null for the defaults of a grid.</summary>
    public Action<RoutingOptions>? Routing { get; set; }

    /// <summary>Changes how much a job tolerates before it takes another miner; null for the defaults of a grid.</summary>
    public Action<JobOptions>? Jobs { get; set; }

    /// <summary>Changes when a miner gets jobs; null for the defaults of a grid.</summary>
    public Action<MinerOptions>? Miners { get; set; }

    /// <summary>
    /// Changes each silo, after everything else: logging, telemetry, filters, another grain storage than memory. Null for no change.
    /// </summary>
    public Action<ISiloBuilder>? Silo { get; set; }
}
