namespace Orleans.Embedded.CodeGeneration;

/// <summary>How requests of one grain interface method are scheduled and answered.</summary>
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
}
