namespace BTTInferGrid.Compute;

/// <summary>Where a miner stands with the grid. The numbers are part of the wire format.</summary>
[GenerateSerializer, Alias("grid.miner-state")]
public enum MinerState
{
    /// <summary>It has connected and said what it serves.</summary>
    Joining = 0,

    /// <summary>It is measured and asked something whose answer is known.</summary>
    Probing = 1,

    /// <summary>It gets jobs.</summary>
    Active = 2,

    /// <summary>It ends the jobs it has and gets no new ones.</summary>
    Draining = 3,

    /// <summary>It is connected and gets no jobs: it failed too often, or the operator said so.</summary>
    Suspended = 4,

    /// <summary>It is not connected.</summary>
    Gone = 5,
}
