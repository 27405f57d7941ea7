namespace Orleans.Embedded.Serialization;

/// <summary>What a message may be at most, whoever wrote it.</summary>
internal static class WireLimits
{
    /// <summary>Blocks within blocks. Values that contain themselves fail here.</summary>
    public const int MaxDepth = 128;

    /// <summary>Bytes of one message.</summary>
    public const int MaxBytes = 100 * 1024 * 1024;
}
