namespace Orleans.Runtime;

/// <summary>
/// Asks for a stored record of the grain, as a constructor parameter of type <see cref="IPersistentState{TState}"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public class PersistentStateAttribute : Attribute
{
    /// <summary>Names the record and its store.</summary>
    /// <param name="stateName">The record's name, unique within the grain class.</param>
    /// <param name="storageName">The name the store was registered under; null for the default store.</param>
    public PersistentStateAttribute(string stateName, string? storageName = null)
    {
        ArgumentNullException.ThrowIfNull(stateName);
        StateName = stateName;
        StorageName = storageName;
    }

    /// <summary>The record's name.</summary>
    public string StateName { get; }

    /// <summary>The store's name, or null for the default store.</summary>
    public string? StorageName { get; }
}
