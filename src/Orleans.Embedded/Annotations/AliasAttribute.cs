namespace Orleans;

/// <summary>
/// Names a type or method in what is sent and stored, so that the type or method itself can be renamed.
/// </summary>
/// <param name="alias">The name, unique among types, or among the methods of one interface.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface | AttributeTargets.Struct | AttributeTargets.Enum
    | AttributeTargets.Method, AllowMultiple = true)]
public sealed class AliasAttribute(string alias) : Attribute
{
    /// <summary>The name.</summary>
    public string Alias { get; } = alias;
}
