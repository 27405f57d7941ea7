namespace Orleans.Concurrency;

/// <summary>Lets this grain interface method start while other read-only requests of the grain run.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute
{
}
