using System.Text;
using Orleans.Embedded.Manifest;
using Orleans.Runtime;

namespace Orleans.Embedded.Edge;

/// <summary>
/// Types of grains that are named by an interface, because who names them need not have the class: grains that run on edge
/// silos, and core grains as edge silos name them, until the gateway, which has the class, puts its type in place.
/// </summary>
internal static class EdgeGrainType
{
    private const char HostedMark = '@';
    private const char NamedMark = '?';

    public static GrainType Of(GrainInterface grainInterface)
    {
        return Of(grainInterface.Name.ToString());
    }

    /// <summary>The type of the grains of an interface that run on edge silos.</summary>
    public static GrainType Of(string interfaceName)
    {
        return GrainType.Create(HostedMark + interfaceName);
    }

    /// <summary>A core grain's type, for an edge silo.</summary>
    public static GrainType Named(GrainInterface grainInterface)
    {
        return GrainType.Create(NamedMark + grainInterface.Name.ToString());
    }

    public static bool Is(GrainType type)
    {
        return type.Value.AsSpan() is [(byte)HostedMark, ..];
    }

    /// <summary>The interface that names a core grain's type; null if the type is a class's own.</summary>
    public static string? NameOf(GrainType type)
    {
        return type.Value.AsSpan() is [(byte)NamedMark, .. var name] ? Encoding.UTF8.GetString(name) : null;
    }

    public static bool IsReserved(string typeName)
    {
        return typeName.StartsWith(HostedMark) || typeName.StartsWith(NamedMark);
    }

    /// <summary>
    /// The grain under which the directory has another: all grains of an edge silo are where its connection is, so they have
    /// one row.
    /// </summary>
    public static GrainId RowOf(GrainId grain)
    {
        return Is(grain.Type) ? RowOf(grain.Key) : grain;
    }

    public static GrainId RowOf(IdSpan identity)
    {
        return new GrainId(GrainType.Create($"{HostedMark}"), identity);
    }
}
