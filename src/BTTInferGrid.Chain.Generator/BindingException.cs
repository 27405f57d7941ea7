namespace BTTInferGrid.Chain.Generator;

/// <summary>A contract's interface has something that cannot be bound.</summary>
/// <param name="message">What, and what to do.</param>
internal sealed class BindingException(string message) : Exception(message);
