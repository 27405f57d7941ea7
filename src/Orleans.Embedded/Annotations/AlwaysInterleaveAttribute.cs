namespace Orleans.Concurrency;

/// <summary>Lets this grain interface method start while any other request of the grain runs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute
{
}
