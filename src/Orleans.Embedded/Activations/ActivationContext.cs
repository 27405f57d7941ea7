namespace Orleans.Embedded.Activations;

/// <summary>The activation whose turn runs on this thread.</summary>
internal static class ActivationContext
{
    [ThreadStatic]
    private static Activation? _current;

    public static Activation? Current
    {
        get => _current;
        set => _current = value;
    }
}
