using Orleans.Runtime;

namespace Orleans.Embedded.Edge;

/// <summary>
/// One message between an edge silo and its gateway. It names no silos and carries no request context: neither crosses.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Names the request among those of its sender; an answer and a cancellation repeat it.</param>
/// <param name="Grain">The grain that is called.</param>
/// <param name="CanBeCancelled">Whether the caller may cancel the request.</param>
/// <param name="Body">A request, an answer, or the names of the interfaces that are announced.</param>
internal readonly record struct EdgeMessage(
    EdgeMessageKind Kind, long Id = 0, GrainId Grain = default, bool CanBeCancelled = false, object? Body = null);
