using System.Collections.Frozen;
using System.Text.Unicode;
using Orleans.Embedded.Manifest;
using Orleans.Runtime;

namespace Orleans.Embedded.Edge;

/// <summary>Which grain an edge silo means, if it is one that has the interface.</summary>
internal sealed class EdgePolicy(GrainManifestIndex manifest)
{
    private const int MaxKeyBytes = 512;

    private readonly FrozenDictionary<string, Type> _interfaces = manifest.Interfaces.ToFrozenDictionary(
        static item => item.Name.ToString(), static item => item.Type, StringComparer.Ordinal);

    /// <summary>The interface that an edge silo hosts by announcing its name; null if it may not.</summary>
    public GrainInterface? FindHosted(string name)
    {
        return manifest.EdgeHostedBy(EdgeGrainType.Of(name));
    }

    /// <summary>The grain, or null when there is none of that type with that interface and key.</summary>
    public GrainId? Resolve(GrainId asked, string interfaceName)
    {
        if (!_interfaces.TryGetValue(interfaceName, out var called))
        {
            return null;
        }

        if (manifest.EdgeHostedBy(asked.Type) is { } hosted)
        {
            return called.IsAssignableFrom(hosted.Type) && EdgeIdentity.IsValid(asked.Key.ToString()) ? asked : null;
        }

        var byName = EdgeGrainType.NameOf(asked.Type);
        var grainClass = byName is null ? manifest.FindClass(asked.Type)
            : _interfaces.TryGetValue(byName, out var named) ? manifest.FindOnlyClass(named)
            : null;
        return grainClass is not null && grainClass.Interfaces.Contains(called) && IsKey(grainClass, asked.Key)
            ? new GrainId(grainClass.GrainType, asked.Key)
            : null;
    }

    /// <summary>
    /// Whether a key is spelled as references spell it: another spelling would be another grain with the same key. Not
    /// every database takes the character 0.
    /// </summary>
    private static bool IsKey(GrainClass grainClass, IdSpan key)
    {
        try
        {
            var id = new GrainId(grainClass.GrainType, key);
            var type = grainClass.Type;
            return key.AsSpan().Length is > 0 and <= MaxKeyBytes
                && Utf8.IsValid(key.AsSpan()) && !key.AsSpan().Contains((byte)0)
                && (!type.IsAssignableTo(typeof(IGrainWithIntegerKey))
                    || GrainIdKeyExtensions.CreateIntegerKey(id.GetIntegerKey()) == key)
                && (!type.IsAssignableTo(typeof(IGrainWithGuidKey))
                    || GrainIdKeyExtensions.CreateGuidKey(id.GetGuidKey()) == key);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
