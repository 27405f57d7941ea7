using BTTInferGrid.Compute;
using BTTInferGrid.Front.Errors;

namespace BTTInferGrid.Front.Keys;

/// <summary>
/// The way to the grains that hold accounts and keys. Whatever is wrong with where they are kept is no fault of the
/// request: its client is told to come back.
/// </summary>
internal sealed partial class KeyStore(ILogger<KeyStore> logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Waits for a call to one of these grains.</summary>
    /// <exception cref="GridException">What the grain itself says.</exception>
    /// <exception cref="ApiException">The grain cannot be reached, or cannot read or write its state.</exception>
    public async Task<T> CallAsync<T>(Task<T> call)
    {
        try
        {
            return await call;
        }
        catch (Exception failure) when (failure is not GridException)
        {
            LogUnavailable(failure);
            throw ApiException.KeysUnavailable(RetryAfter);
        }
    }

    [LoggerMessage(3202, LogLevel.Warning, "An account or API key could not be read or stored; the request is answered 503")]
    private partial void LogUnavailable(Exception failure);
}
