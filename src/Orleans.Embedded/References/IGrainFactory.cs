using Orleans.Runtime;

namespace Orleans;

/// <summary>
/// Makes references to grains. Making one is cheap and calls nothing: a grain is activated by its first request.
/// </summary>
public interface IGrainFactory
{
    /// <summary>Makes a reference to the grain with a string key.</summary>
    /// <typeparam name="TGrainInterface">The grain interface.</typeparam>
    /// <param name="primaryKey">The key, not blank.</param>
    /// <param name="grainClassNamePrefix">
    /// The start of the class's full name, needed where several classes implement the interface.
    /// </param>
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey;

    /// <summary>Makes a reference to the grain with a GUID as its key.</summary>
    /// <typeparam name="TGrainInterface">The grain interface.</typeparam>
    /// <param name="primaryKey">The key.</param>
    /// <param name="grainClassNamePrefix">
    /// The start of the class's full name, needed where several classes implement the interface.
    /// </param>
    TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey;

    /// <summary>Makes a reference to the grain with an integer key.</summary>
    /// <typeparam name="TGrainInterface">The grain interface.</typeparam>
    /// <param name="primaryKey">The key.</param>
    /// <param name="grainClassNamePrefix">
    /// The start of the class's full name, needed where several classes implement the interface.
    /// </param>
    TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey;

    /// <summary>Makes a reference to a grain whose id is known.</summary>
    /// <typeparam name="TGrainInterface">The grain interface.</typeparam>
    /// <param name="grainId">The grain.</param>
    TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable;

    /// <summary>Makes a reference without an interface; cast it before calling.</summary>
    /// <param name="grainId">The grain.</param>
    IAddressable GetGrain(GrainId grainId);
}
