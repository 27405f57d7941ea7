using Orleans.Embedded.Manifest;
using Orleans.Runtime;

namespace Orleans.Embedded.References;

/// <summary>Makes grain references for the host and for grains.</summary>
internal sealed class GrainFactory(GrainManifestIndex manifest, GrainCaller caller, IServiceProvider services)
    : IClusterClient
{
    public IServiceProvider ServiceProvider => services;

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(primaryKey);
        return Get<TGrainInterface>(IdSpan.Create(primaryKey), grainClassNamePrefix);
    }

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey
    {
        return Get<TGrainInterface>(GrainIdKeyExtensions.CreateGuidKey(primaryKey), grainClassNamePrefix);
    }

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey
    {
        return Get<TGrainInterface>(GrainIdKeyExtensions.CreateIntegerKey(primaryKey), grainClassNamePrefix);
    }

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable
    {
        return (TGrainInterface)caller.CreateReference(typeof(TGrainInterface), grainId);
    }

    public IAddressable GetGrain(GrainId grainId)
    {
        return caller.CreateReference(grainId);
    }

    private TGrainInterface Get<TGrainInterface>(IdSpan key, string? grainClassNamePrefix)
    {
        var grainType = manifest.GrainTypeOf(typeof(TGrainInterface), grainClassNamePrefix);
        return (TGrainInterface)caller.CreateReference(typeof(TGrainInterface), new GrainId(grainType, key));
    }
}
