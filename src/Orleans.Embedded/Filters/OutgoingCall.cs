using Orleans.Embedded.Activations;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Manifest;
using Orleans.Runtime;

namespace Orleans.Embedded.Filters;

/// <summary>A request on its way through the filters of the caller's silo or client.</summary>
internal sealed class OutgoingCall<T>(
    GrainReference target,
    GrainRequest request,
    IOutgoingGrainCallFilter[] filters,
    GrainManifestIndex manifest,
    Func<GrainRequest, Task<T>> send)
    : CallContext(request, manifest), IOutgoingGrainCallContext
{
    public override object Grain => target;

    public override GrainId TargetId => target.GrainId;

    public IGrainContext? SourceContext { get; } = ActivationContext.Current;

    public async Task<T> CallAsync()
    {
        return (T)(await RunAsync())!;
    }

    protected override Task? NextFilter(int stage)
    {
        return stage < filters.Length ? filters[stage].Invoke(this) : null;
    }

    protected override async ValueTask<object?> InvokeTargetAsync()
    {
        // A copy, because the callee sets its own cancellation token in what it gets, and a filter may call again.
        return await send(Body.Clone());
    }
}
