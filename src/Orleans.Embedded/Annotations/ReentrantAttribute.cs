namespace Orleans.Concurrency;

/// <summary>Lets every request of the grain class start while others run. Turns still never overlap.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute
{
}
