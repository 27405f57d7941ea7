using Orleans.Runtime;

namespace Orleans;

/// <summary>
/// Gives a grain class its type name, the part of a <see cref="GrainId"/> before the slash. Without it the name is the
/// class name in lower case, less a trailing "Grain".
/// </summary>
/// <param name="grainType">The type name.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class GrainTypeAttribute(string grainType) : Attribute
{
    internal string TypeName { get; } = grainType;
}
