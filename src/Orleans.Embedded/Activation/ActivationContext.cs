using Orleans.Runtime;

namespace Orleans.Embedded.Runtime;

/// <summary>The activation whose turn runs on this thread.</summary>
internal static class ActivationContext
{
    [ThreadStatic]
    private static IGrainContext? _current;

    public static IGrainContext? Current
    {
        get => _current;
        set => _current = value;
    }
}

/// <summary>What the base class of grains needs of its activation beyond <see cref="IGrainContext"/>.</summary>
internal interface IActivationContext : IGrainContext
{
    IGrainFactory GrainFactory { get; }
}
