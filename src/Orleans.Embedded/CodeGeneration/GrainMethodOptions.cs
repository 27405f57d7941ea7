namespace Orleans.Embedded.CodeGeneration;

/// <summary>How requests of one grain interface method are scheduled and answered, and who may make them.</summary>
[Flags]
public enum GrainMethodOptions
{
    /// <summary>One at a time, with an answer.</summary>
    None = 0,

    /// <summary>May start while any other request runs.</summary>
    AlwaysInterleave = 1,

    /// <summary>May start while other read-only requests run.</summary>
    ReadOnly = 2,

    /// <summary>Gets no answer.</summary>
    OneWay = 4,

    /// <summary>May be called by edge silos.</summary>
    EdgeCallable = 8,
}
