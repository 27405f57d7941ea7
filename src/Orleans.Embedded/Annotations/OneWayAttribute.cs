namespace Orleans.Concurrency;

/// <summary>
/// Completes the caller's task as soon as the request is handed over. The caller learns neither the result nor a
/// failure.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneWayAttribute : Attribute
{
}
