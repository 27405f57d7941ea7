namespace Orleans.Embedded.Filters;

/// <summary>The values of a request context. Calls share them, so nothing changes them: a change makes new ones.</summary>
internal sealed class RequestValues : Dictionary<string, object>
{
    public RequestValues()
        : base(StringComparer.Ordinal)
    {
    }

    public RequestValues(Dictionary<string, object> values)
        : base(values, StringComparer.Ordinal)
    {
    }
}
