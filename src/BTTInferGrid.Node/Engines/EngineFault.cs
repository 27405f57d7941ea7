using System.Text.Json;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Node;

/// <summary>Why a job ended without a result.</summary>
public enum EngineFaultKind
{
    /// <summary>The engine broke.</summary>
    Failed,

    /// <summary>The queue is full, or the engine drains: the job must go elsewhere.</summary>
    Busy,

    /// <summary>No engine can serve the request as it is.</summary>
    Refused,
}

/// <summary>What is told of an exception by which a job ended.</summary>
/// <param name="Kind">Why the job ended.</param>
/// <param name="Field">The field of the request that was refused, in snake case; otherwise empty.</param>
/// <param name="Reason">For a person.</param>
/// <param name="IsExpected">False for an exception that no engine should throw: it belongs in the log, not in the answer.</param>
public readonly record struct EngineFault(EngineFaultKind Kind, string Field, string Reason, bool IsExpected)
{
    /// <summary>The fault of a job that comes while the engine drains.</summary>
    public static EngineFault Draining { get; } = new(EngineFaultKind.Busy, "", "The node is about to stop.", true);

    /// <summary>The fault that an exception amounts to.</summary>
    /// <param name="cause">What the engine or the embedder threw.</param>
    public static EngineFault Of(Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return cause switch
        {
            EngineBusyException => new EngineFault(EngineFaultKind.Busy, "", cause.Message, true),
            InvalidParameterException refused => new EngineFault(
                EngineFaultKind.Refused, JsonNamingPolicy.SnakeCaseLower.ConvertName(refused.Field), refused.Message, true),
            RequestFailedException { Field: { } field } => new EngineFault(
                EngineFaultKind.Refused, JsonNamingPolicy.SnakeCaseLower.ConvertName(field), cause.Message, true),
            EngineFailedException or EngineStoppedException or RequestFailedException or InvalidLogitsException =>
                new EngineFault(EngineFaultKind.Failed, "", cause.Message, true),
            _ => new EngineFault(EngineFaultKind.Failed, "", "The node failed unexpectedly.", false),
        };
    }
}
