namespace Orleans;

/// <summary>The stages of a silo, in the order they start.</summary>
public static class ServiceLifecycleStage
{
    /// <summary>Before everything.</summary>
    public const int First = int.MinValue;

    /// <summary>The runtime makes itself ready.</summary>
    public const int RuntimeInitialize = 2000;

    /// <summary>Connections to other silos.</summary>
    public const int RuntimeServices = 4000;

    /// <summary>Stores.</summary>
    public const int RuntimeStorageServices = 6000;

    /// <summary>Grain services.</summary>
    public const int RuntimeGrainServices = 8000;

    /// <summary>After grain services.</summary>
    public const int AfterRuntimeGrainServices = 8100;

    /// <summary>The application's own services.</summary>
    public const int ApplicationServices = 10000;

    /// <summary>The silo joins its cluster.</summary>
    public const int BecomeActive = Active - 1;

    /// <summary>The silo takes requests; startup tasks run.</summary>
    public const int Active = 20000;

    /// <summary>After everything.</summary>
    public const int Last = int.MaxValue;
}
