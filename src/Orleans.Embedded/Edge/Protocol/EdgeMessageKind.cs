namespace Orleans.Embedded.Edge;

/// <summary>What a message between an edge silo and its gateway is. The numbers are the protocol.</summary>
internal enum EdgeMessageKind : byte
{
    /// <summary>The edge silo's first message: the interfaces whose grains it hosts.</summary>
    Announce = 1,

    /// <summary>The gateway's answer: calls may be made, and will come.</summary>
    Admitted = 2,

    /// <summary>The edge silo is about to stop: it wants no more requests.</summary>
    Leaving = 3,

    /// <summary>A request that is answered.</summary>
    Request = 4,

    /// <summary>A request that is not answered.</summary>
    OneWay = 5,

    /// <summary>The answer to a request.</summary>
    Response = 6,

    /// <summary>The caller of a request gave up.</summary>
    Cancel = 7,
}
