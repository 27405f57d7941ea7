using System.Runtime.InteropServices;

namespace BTTInferGrid.Inference;

/// <summary>A sequence in llama.cpp's cache: that of a running request, or what an ended one left.</summary>
/// <param name="id">llama.cpp's number for it.</param>
/// <param name="tenant">Whose it is.</param>
/// <param name="tokens">Its tokens, at least those in the cache; the running request adds to the list.</param>
/// <param name="span">Where its cells end.</param>
internal sealed class CachedSequence(int id, string tenant, List<int> tokens, CacheSpan span)
{
    public int Id => id;

    public string Tenant => tenant;

    public CacheSpan Span => span;

    /// <summary>Tokens in the cache.</summary>
    public int Length => span.End;

    /// <summary>The tokens in the cache.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(tokens)[..Length];

    /// <summary>A request runs on it. If not, it can be evicted.</summary>
    public bool IsRunning { get; set; }

    /// <summary>When it was last of use, on the cache's own count.</summary>
    public long LastUse { get; set; }
}
