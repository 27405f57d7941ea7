namespace Orleans.Configuration;

/// <summary>A store of grain state in memory.</summary>
public class MemoryGrainStorageOptions
{
    /// <summary>The value of <see cref="InitStage"/> unless set.</summary>
    public const int DEFAULT_INIT_STAGE = ServiceLifecycleStage.ApplicationServices;

    /// <summary>The lifecycle stage from which on the store is used; this store is always ready.</summary>
    public int InitStage { get; set; } = DEFAULT_INIT_STAGE;
}
