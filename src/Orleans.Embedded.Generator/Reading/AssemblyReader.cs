using System.Linq;
using Microsoft.CodeAnalysis;
using Orleans.Embedded.Generator.Model;

namespace Orleans.Embedded.Generator.Reading;

/// <summary>Finds the referenced assemblies that have grains of their own or lead to some.</summary>
internal static class AssemblyReader
{
    public static AssemblyModel Read(Compilation compilation)
    {
        var withGrains = compilation.SourceModule.ReferencedAssemblySymbols
            .Where(static assembly => UsesRuntime(assembly)
                && KnownTypes.HasAttribute(assembly, "Orleans.Embedded.CodeGeneration.GrainManifestAttribute"))
            .Select(static assembly => assembly.Name)
            .OrderBy(static name => name, System.StringComparer.Ordinal)
            .ToArray();
        return new AssemblyModel(compilation.AssemblyName ?? "Assembly", new EquatableArray<string>(withGrains));
    }

    /// <summary>Spares the attributes of all assemblies that cannot have any of ours from being read.</summary>
    private static bool UsesRuntime(IAssemblySymbol assembly)
    {
        return assembly.Modules.Any(static module =>
            module.ReferencedAssemblies.Any(static reference => reference.Name == KnownTypes.RuntimeAssembly));
    }
}
