namespace Orleans.Embedded.Edge;

/// <summary>Why a message of an edge silo was refused. The names stand in the metrics.</summary>
internal enum EdgeRefusal
{
    /// <summary>It calls more often than it may.</summary>
    RateExceeded,

    /// <summary>Too many of its calls have no answer yet.</summary>
    TooManyCalls,

    /// <summary>It has too many enumerations open.</summary>
    TooManyStreams,

    /// <summary>The request has no method or arguments that are known.</summary>
    Unreadable,

    /// <summary>The method is not marked.</summary>
    NotCallable,

    /// <summary>There is no such grain.</summary>
    NoSuchGrain,

    /// <summary>It has no such enumeration open.</summary>
    NoSuchStream,

    /// <summary>It answers what it was not asked.</summary>
    UnaskedAnswer,
}
