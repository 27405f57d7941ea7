namespace Orleans;

/// <summary>
/// Marks a type whose values cross between silos or are stored: its members carry <see cref="IdAttribute"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum)]
public sealed class GenerateSerializerAttribute : Attribute
{
    /// <summary>
    /// Whether the parameters of the primary constructor are members, numbered by position. Records have it in any
    /// case.
    /// </summary>
    public bool IncludePrimaryConstructorParameters { get; init; }
}
