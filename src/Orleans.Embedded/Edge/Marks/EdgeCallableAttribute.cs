namespace Orleans.Embedded.Edge;

/// <summary>
/// Marks a grain interface method that edge silos may call. Whoever may run an edge silo may send it any arguments: the
/// method checks them, and learns from <see cref="EdgeCaller"/> who calls.
/// </summary>
/// <remarks>On a runtime without edge silos the mark means nothing.</remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class EdgeCallableAttribute : Attribute;
