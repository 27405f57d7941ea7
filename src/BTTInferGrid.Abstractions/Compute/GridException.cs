namespace BTTInferGrid.Compute;

/// <summary>A failure that a caller of the grid can act on. Each kind is a type of its own.</summary>
[GenerateSerializer, Alias("grid.exception")]
public abstract class GridException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed, with ids, and what to do.</param>
    protected GridException(string message)
        : base(message)
    {
    }
}

/// <summary>No miner can serve the request now; trying again later may help.</summary>
/// <param name="model">Model id.</param>
/// <param name="reason">Why no miner fits.</param>
[GenerateSerializer, Alias("grid.no-miner")]
public sealed class NoMinerException(string model, string reason)
    : GridException($"No miner can serve model '{model}' now: {reason}")
{
    /// <summary>Model id.</summary>
    [Id(0)]
    public string Model { get; } = model;
}

/// <summary>All miners that could serve the request have as much to do as they can; trying again later helps.</summary>
/// <param name="model">Model id.</param>
/// <param name="reason">How many miners are full.</param>
/// <param name="retryAfter">When one of them should have room again.</param>
[GenerateSerializer, Alias("grid.model-busy")]
public sealed class ModelBusyException(string model, string reason, TimeSpan retryAfter)
    : GridException($"Model '{model}' is busy: {reason}")
{
    /// <summary>Model id.</summary>
    [Id(0)]
    public string Model { get; } = model;

    /// <summary>When one of them should have room again.</summary>
    [Id(1)]
    public TimeSpan RetryAfter { get; } = retryAfter;

    /// <summary>Whether the model has just moved to another silo, and its miners are reported to it within a second.</summary>
    [Id(2)]
    public bool IsStarting { get; init; }
}

/// <summary>The miner's queue is full; another miner, or the same one later, can serve the request.</summary>
/// <param name="minerId">Id of the miner.</param>
[GenerateSerializer, Alias("grid.miner-busy")]
public sealed class MinerBusyException(string minerId)
    : GridException($"Miner '{minerId}' is busy: its queue is full.")
{
    /// <summary>Id of the miner.</summary>
    [Id(0)]
    public string MinerId { get; } = minerId;
}

/// <summary>The miner broke, or sent what the protocol does not allow.</summary>
/// <param name="minerId">Id of the miner.</param>
/// <param name="reason">What happened.</param>
[GenerateSerializer, Alias("grid.miner-failed")]
public sealed class MinerFailedException(string minerId, string reason)
    : GridException($"Miner '{minerId}' failed: {reason}")
{
    /// <summary>Id of the miner.</summary>
    [Id(0)]
    public string MinerId { get; } = minerId;

    /// <summary>What happened.</summary>
    [Id(1)]
    public string Reason { get; } = reason;
}

/// <summary>The request cannot be served as it is; sending it again unchanged does not help.</summary>
/// <param name="field">Name of the field that is wrong.</param>
/// <param name="reason">What is wrong and what would be right.</param>
[GenerateSerializer, Alias("grid.request-refused")]
public sealed class RequestRefusedException(string field, string reason)
    : GridException($"{field}: {reason}")
{
    /// <summary>Name of the field that is wrong.</summary>
    [Id(0)]
    public string Field { get; } = field;
}

/// <summary>The miner is not connected, or its session ended; another miner can serve the request.</summary>
/// <param name="minerId">Id of the miner.</param>
/// <param name="reason">What ended the session.</param>
[GenerateSerializer, Alias("grid.miner-lost")]
public sealed class MinerLostException(string minerId, string reason)
    : GridException($"Miner '{minerId}' is lost: {reason}")
{
    /// <summary>Id of the miner.</summary>
    [Id(0)]
    public string MinerId { get; } = minerId;

    /// <summary>What ended the session.</summary>
    [Id(1)]
    public string Reason { get; } = reason;

    /// <summary>Whether the grid ended it, because its own process stops.</summary>
    [Id(2)]
    public bool IsByGrid { get; init; }
}
