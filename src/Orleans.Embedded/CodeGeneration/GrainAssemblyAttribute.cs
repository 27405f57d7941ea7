using System.ComponentModel;

namespace Orleans.Embedded.CodeGeneration;

/// <summary>
/// Leads from an assembly to another one with grains, so that the other is found even where no type of it is used.
/// </summary>
/// <param name="assemblyName">The name of the other assembly.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class GrainAssemblyAttribute(string assemblyName) : Attribute
{
    /// <summary>The name of the other assembly.</summary>
    public string AssemblyName { get; } = assemblyName;
}
