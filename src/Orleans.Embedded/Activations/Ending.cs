namespace Orleans.Embedded.Activations;

/// <summary>Why an activation ends, and what limits the wait for the grain's own deactivation code.</summary>
internal sealed record Ending(DeactivationReason Reason, CancellationToken Limit);
