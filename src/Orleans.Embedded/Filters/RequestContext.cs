using Orleans.Embedded.Filters;

namespace Orleans.Runtime;

/// <summary>
/// Values that go along with a call: what is set before a call is seen by the grain called, and by those it calls in
/// turn. What a grain sets is not seen by its caller.
/// </summary>
public static class RequestContext
{
    private static readonly AsyncLocal<RequestValues?> Local = new();

    /// <summary>The names of the values.</summary>
    public static IEnumerable<string> Keys => Current?.Keys ?? Enumerable.Empty<string>();

    /// <summary>The values with their names.</summary>
    public static IEnumerable<KeyValuePair<string, object>> Entries =>
        Current ?? Enumerable.Empty<KeyValuePair<string, object>>();

    /// <summary>The values of the code that runs now; null when there are none.</summary>
    internal static RequestValues? Current
    {
        get => Local.Value;
        set => Local.Value = value;
    }

    /// <summary>A value, or null when there is none of that name.</summary>
    /// <param name="key">The name.</param>
    public static object? Get(string key)
    {
        return Current?.GetValueOrDefault(key);
    }

    /// <summary>Sets a value for the calls that follow.</summary>
    /// <param name="key">The name.</param>
    /// <param name="value">The value. It must not change afterwards.</param>
    public static void Set(string key, object value)
    {
        ArgumentNullException.ThrowIfNull(key);
        Current = new RequestValues(Current ?? []) { [key] = value };
    }

    /// <summary>Removes a value. False when there is none of that name.</summary>
    /// <param name="key">The name.</param>
    public static bool Remove(string key)
    {
        if (Current is not { } values || !values.ContainsKey(key))
        {
            return false;
        }

        var rest = new RequestValues(values);
        rest.Remove(key);
        Current = rest.Count > 0 ? rest : null;
        return true;
    }

    /// <summary>Removes all values.</summary>
    public static void Clear()
    {
        Current = null;
    }
}
