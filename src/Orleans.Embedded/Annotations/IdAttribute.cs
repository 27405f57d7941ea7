namespace Orleans;

/// <summary>Numbers a member of a serialised type. The number is part of the format and never changes.</summary>
/// <param name="id">The number, unique within the type that declares the member.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Class | AttributeTargets.Struct
    | AttributeTargets.Enum | AttributeTargets.Method)]
public sealed class IdAttribute(uint id) : Attribute
{
    /// <summary>The number.</summary>
    public uint Id { get; } = id;
}
