namespace BTTInferGrid.Inference;

/// <summary>
/// The engine has no room for one more request now. The request can be sent again, here or elsewhere.
/// </summary>
public sealed class EngineBusyException : Exception
{
    internal EngineBusyException(int inFlight, int capacity)
        : base($"The engine holds {inFlight} requests of at most {capacity}; retry later or on another engine.")
    {
        InFlight = inFlight;
        Capacity = capacity;
    }

    /// <summary>Requests running and waiting when this one was turned away.</summary>
    public int InFlight { get; }

    /// <summary>The most requests, running and waiting together, that the engine holds.</summary>
    public int Capacity { get; }
}
