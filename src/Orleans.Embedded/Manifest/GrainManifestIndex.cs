using System.Collections.Frozen;
using System.Reflection;
using Orleans.Concurrency;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Edge;
using Orleans.Embedded.Serialization;
using Orleans.Placement;
using Orleans.Runtime;

namespace Orleans.Embedded.Manifest;

/// <summary>All grain interfaces and classes of the process, by the keys they are looked up with.</summary>
internal sealed class GrainManifestIndex
{
    private const string GrainSuffix = "Grain";
    private readonly FrozenDictionary<Type, GrainInterface> _interfaces;
    private readonly FrozenDictionary<GrainType, GrainInterface> _edgeHosted;
    private readonly FrozenDictionary<GrainType, GrainClass> _classes;
    private readonly FrozenDictionary<Type, GrainClass[]> _implementations;
    private readonly RequestIndex _requests;

    public GrainManifestIndex(GrainManifestBuilder manifest)
    {
        _interfaces = manifest.Interfaces.ToFrozenDictionary(static item => item.Type);
        _edgeHosted = manifest.Interfaces.Where(static item => item.IsEdgeHosted)
            .ToFrozenDictionary(static item => EdgeGrainType.Of(item));
        var classes = manifest.Implementations.ConvertAll(Describe);
        foreach (var clash in classes.GroupBy(static item => item.GrainType).Where(static group => group.Count() > 1))
        {
            throw new OrleansConfigurationException(
                $"Grain classes {string.Join(" and ", clash.Select(static item => item.Type))} have the same type name "
                + $"'{clash.Key}'. Give one of them another by [GrainType].");
        }

        _classes = classes.ToFrozenDictionary(static item => item.GrainType);
        _implementations = classes
            .SelectMany(static item => item.Interfaces.Select(type => (Interface: type, Class: item)))
            .GroupBy(static pair => pair.Interface, static pair => pair.Class)
            .ToFrozenDictionary(static group => group.Key, static group => group.ToArray());
        Types = new WireTypes(manifest.Types);
        _requests = new RequestIndex(manifest.Requests);
    }

    /// <summary>Whether this is the manifest of an edge silo, which need not have the classes of core grains.</summary>
    public bool NamesGrainsByInterface { get; init; }

    /// <summary>The types that a message may name.</summary>
    public WireTypes Types { get; }

    /// <summary>Makes a request without arguments, or null if there is no such method.</summary>
    public GrainRequest? NewRequest(ReadOnlySpan<byte> interfaceName, ReadOnlySpan<byte> methodName)
    {
        return _requests.Find(interfaceName, methodName)?.Invoke();
    }

    /// <summary>The interface's description.</summary>
    public GrainInterface InterfaceOf(Type interfaceType)
    {
        return _interfaces.TryGetValue(interfaceType, out var found) ? found : throw new ArgumentException(
            $"{interfaceType} is not a known grain interface. Its assembly must be built with the grain generator.",
            nameof(interfaceType));
    }

    /// <summary>The interface with a name; null for those of the runtime itself.</summary>
    public Type? FindInterface(string name)
    {
        return _interfaces.Values.FirstOrDefault(item => item.Name == GrainInterfaceType.Create(name))?.Type;
    }

    /// <summary>The class with a type name.</summary>
    public GrainClass ClassOf(GrainType grainType)
    {
        return _classes.TryGetValue(grainType, out var found) ? found : throw new ArgumentException(
            $"No grain class has the type name '{grainType}'.", nameof(grainType));
    }

    /// <summary>All grain interfaces.</summary>
    public IEnumerable<GrainInterface> Interfaces => _interfaces.Values;

    /// <summary>The class with a type name, or null.</summary>
    public GrainClass? FindClass(GrainType grainType)
    {
        return _classes.GetValueOrDefault(grainType);
    }

    /// <summary>The class that implements an interface, or null if none does or several do.</summary>
    public GrainClass? FindOnlyClass(Type interfaceType)
    {
        return _implementations.GetValueOrDefault(interfaceType) is [var only] ? only : null;
    }

    /// <summary>The interface of a type of grains that run on edge silos, or null.</summary>
    public GrainInterface? EdgeHostedBy(GrainType grainType)
    {
        return EdgeGrainType.Is(grainType) ? _edgeHosted.GetValueOrDefault(grainType) : null;
    }

    /// <summary>The type of the grains that references of an interface lead to.</summary>
    /// <param name="interfaceType">The interface.</param>
    /// <param name="classNamePrefix">The start of the class's full name, or null.</param>
    public GrainType GrainTypeOf(Type interfaceType, string? classNamePrefix)
    {
        return _interfaces.TryGetValue(interfaceType, out var described) && described.IsEdgeHosted
            ? EdgeGrainType.Of(described)
            : NamesGrainsByInterface && classNamePrefix is null ? EdgeGrainType.Named(InterfaceOf(interfaceType))
            : ImplementationOf(interfaceType, classNamePrefix).GrainType;
    }

    /// <summary>The class that a reference of an interface leads to.</summary>
    /// <param name="interfaceType">The interface.</param>
    /// <param name="classNamePrefix">The start of the class's full name, or null.</param>
    public GrainClass ImplementationOf(Type interfaceType, string? classNamePrefix)
    {
        var candidates = _implementations.GetValueOrDefault(interfaceType, []);
        if (classNamePrefix is not null)
        {
            candidates = [.. candidates.Where(
                item => item.Type.FullName!.StartsWith(classNamePrefix, StringComparison.Ordinal))];
        }

        if (candidates.Length > 1
            && Array.Find(candidates, item => HasConventionalName(item, interfaceType)) is { } one)
        {
            return one;
        }

        return candidates switch
        {
            [var single] => single,
            [] => throw new ArgumentException(
                $"No grain class implements {interfaceType}"
                + (classNamePrefix is null ? "." : $" and has a name that begins with '{classNamePrefix}'."),
                nameof(interfaceType)),
            _ => throw new ArgumentException(
                $"Grain classes {string.Join(", ", candidates.Select(static item => item.Type))} all implement "
                + $"{interfaceType}. Say which one by grainClassNamePrefix.",
                nameof(interfaceType)),
        };
    }

    private static bool HasConventionalName(GrainClass item, Type interfaceType)
    {
        return string.Equals("I" + item.Type.Name, interfaceType.Name, StringComparison.Ordinal);
    }

    private GrainClass Describe(GrainImplementation item)
    {
        var type = item.GrainClass;
        return new GrainClass(
            type,
            TypeOf(item),
            item.Interfaces,
            type.GetCustomAttribute<PlacementAttribute>()?.PlacementStrategy ?? RandomPlacement.Singleton,
            type.IsDefined(typeof(ReentrantAttribute), inherit: true),
            CollectionAge(type));
    }

    /// <summary>
    /// Grains of edge silos have the type of their interface: silos that do not have the class must know it too.
    /// </summary>
    private GrainType TypeOf(GrainImplementation item)
    {
        GrainInterface[] edgeHosted =
            [.. item.Interfaces.Where(_interfaces.ContainsKey).Select(type => _interfaces[type])
                .Where(static described => described.IsEdgeHosted)];
        if (edgeHosted.Length > 1)
        {
            throw new OrleansConfigurationException(
                $"Grain class {item.GrainClass} implements {string.Join(" and ", edgeHosted.Select(x => x.Type))}, "
                + "which are all [EdgeHosted]. Make it several classes.");
        }

        var given = item.GrainClass.GetCustomAttribute<GrainTypeAttribute>()?.TypeName ?? TypeName(item.GrainClass);
        return edgeHosted.Length == 1 ? EdgeGrainType.Of(edgeHosted[0])
            : EdgeGrainType.IsReserved(given) ? throw new OrleansConfigurationException(
                $"Grain class {item.GrainClass} has the type name '{given}'. Names that begin so are of edge silos; "
                + "give it another by [GrainType].")
            : GrainType.Create(given);
    }

    private static TimeSpan? CollectionAge(Type type)
    {
        var limit = type.GetCustomAttribute<CollectionAgeLimitAttribute>();
        return limit is { AlwaysActive: true } || type.IsDefined(typeof(KeepAliveAttribute), inherit: true)
            ? Timeout.InfiniteTimeSpan
            : limit?.Limit;
    }

    private static string TypeName(Type type)
    {
        var name = type.Name;
        if (name.EndsWith(GrainSuffix, StringComparison.OrdinalIgnoreCase) && name.Length > GrainSuffix.Length)
        {
            name = name[..^GrainSuffix.Length];
        }

        return name.ToLowerInvariant();
    }
}
