using System.Threading.RateLimiting;
using BTTInferGrid.Accounts;
using BTTInferGrid.Front.Errors;
using Microsoft.Extensions.Caching.Memory;

namespace BTTInferGrid.Front.Keys;

/// <summary>
/// Finds what the grid knows of a key, and remembers it for a second, so that a revocation takes effect within that.
/// Anybody can make up keys that are well formed; those are not remembered, and only so many are looked up at a time,
/// which bounds the grains that they wake. A key that was met before does not wait for them.
/// </summary>
internal sealed class ApiKeyLookup(IGrainFactory grains, KeyStore store, [GridClock] TimeProvider time) : IDisposable
{
    private const int MaxRemembered = 10_000;
    private const int MaxLookups = 32;
    private const int MaxWaiting = 512;
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private static readonly MemoryCacheEntryOptions Remembering = new()
    {
        Size = 1,
        SlidingExpiration = TimeSpan.FromMinutes(10),
    };

    private readonly MemoryCache _met = new(new MemoryCacheOptions { SizeLimit = MaxRemembered });

    private readonly ConcurrencyLimiter _strangers = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = MaxLookups,
        QueueLimit = MaxWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>The key's record; null when there is none.</summary>
    /// <exception cref="ApiException">Too many unknown keys are looked up now, or keys cannot be read.</exception>
    public async ValueTask<ApiKeyRecord?> FindAsync(string hash, CancellationToken cancellationToken)
    {
        if (_met.TryGetValue(hash, out Met? met) && met is not null)
        {
            return time.GetElapsedTime(met.ReadAt) < Freshness ? met.Record : await ReadAsync(hash);
        }

        using var place = await _strangers.AcquireAsync(1, cancellationToken);
        return place.IsAcquired
            ? await ReadAsync(hash)
            : throw ApiException.Overloaded("Too many API keys are being looked up. Try again.", RetryAfter);
    }

    public void Dispose()
    {
        _met.Dispose();
        _strangers.Dispose();
    }

    private async Task<ApiKeyRecord?> ReadAsync(string hash)
    {
        // What is read is at least as new as this.
        var readAt = time.GetTimestamp();
        var record = await store.CallAsync(grains.GetApiKey(hash).Describe());
        if (record is not null)
        {
            _met.Set(hash, new Met(record, readAt), Remembering);
        }

        return record;
    }

    private sealed record Met(ApiKeyRecord Record, long ReadAt);
}
