namespace BTTInferGrid.Chain.Tests.Faults;

/// <summary>What a <see cref="FaultProxy"/> does to a request.</summary>
public enum Fault
{
    None,

    /// <summary>The connection breaks before the node has the request.</summary>
    Refuse,

    /// <summary>The node gets the request; the connection breaks before the answer.</summary>
    DropAnswer,

    /// <summary>Nothing is answered until the client gives up.</summary>
    Stall,

    /// <summary>The answer is not JSON.</summary>
    Garbage,

    /// <summary>The answer never ends.</summary>
    Endless,

    /// <summary>The answer has another id.</summary>
    WrongId,

    /// <summary>The answer is HTTP status 429.</summary>
    TooMany,

    /// <summary>The answer is HTTP status 502.</summary>
    BadGateway,
}
