using System.Reflection;
using Orleans.Embedded.CodeGeneration;

namespace Orleans.Embedded.Manifest;

/// <summary>
/// Finds the process's grains: generated attributes lead from each loaded assembly to its manifest and to further
/// assemblies, so nothing is scanned and nothing is configured.
/// </summary>
internal static class GrainAssemblies
{
    /// <param name="namesGrainsByInterface">As <see cref="GrainManifestIndex.NamesGrainsByInterface"/>.</param>
    public static GrainManifestIndex Load(bool namesGrainsByInterface = false)
    {
        var builder = new GrainManifestBuilder();
        var seen = new HashSet<Assembly>();
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            Add(assembly, seen, builder);
        }

        return new GrainManifestIndex(builder) { NamesGrainsByInterface = namesGrainsByInterface };
    }

    private static void Add(Assembly assembly, HashSet<Assembly> seen, GrainManifestBuilder builder)
    {
        if (!seen.Add(assembly))
        {
            return;
        }

        if (assembly.GetCustomAttribute<GrainManifestAttribute>() is { } attribute)
        {
            ((GrainManifest)Activator.CreateInstance(attribute.ManifestType)!).Populate(builder);
        }

        foreach (var other in assembly.GetCustomAttributes<GrainAssemblyAttribute>())
        {
            Add(Assembly.Load(other.AssemblyName), seen, builder);
        }
    }
}
