namespace Orleans.Embedded.Filters;

/// <summary>A method as a filter of requests that come in.</summary>
internal sealed class IncomingDelegateFilter(IncomingGrainCallFilterDelegate filter) : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context)
    {
        return filter(context);
    }
}

/// <summary>A method as a filter of requests that go out.</summary>
internal sealed class OutgoingDelegateFilter(OutgoingGrainCallFilterDelegate filter) : IOutgoingGrainCallFilter
{
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        return filter(context);
    }
}
