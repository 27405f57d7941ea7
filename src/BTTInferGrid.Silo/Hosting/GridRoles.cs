namespace BTTInferGrid.Silo.Hosting;

/// <summary>What a silo does besides hosting grains.</summary>
[Flags]
internal enum GridRoles
{
    None = 0,

    /// <summary>It serves HTTP clients and links of nodes.</summary>
    Front = 1,

    /// <summary>Its process has an engine that serves jobs.</summary>
    Gpu = 2,
}
