using BTTInferGrid.Accounts;

namespace BTTInferGrid.Front.Keys;

/// <summary>Asks a request's key whether its limits allow the request, and tells the client where it stands.</summary>
internal sealed class KeyAdmission(
    IGrainFactory grains, KeyStore store, [GridClock] TimeProvider time, ILogger<KeyLease> logger)
{
    /// <summary>Lets the request in; it counts against the key's limits until the lease is disposed of.</summary>
    /// <param name="context">The request. Its response gets the headers, also when it is refused.</param>
    /// <param name="tokens">The largest cost of the request: tokens of prompt and longest answer, of all its jobs.</param>
    /// <param name="jobs">How many jobs it becomes.</param>
    /// <exception cref="RateLimitedException">A limit is reached.</exception>
    /// <exception cref="KeyRefusedException">The key was revoked or expired just now.</exception>
    /// <exception cref="Compute.RequestRefusedException">The request is larger than the key's limits ever allow.</exception>
    public async Task<KeyLease> AdmitAsync(HttpContext context, int tokens, int jobs = 1)
    {
        var caller = ApiKeyFilter.CallerOf(context);
        var key = grains.GetApiKey(caller.Hash);
        var requestId = context.TraceIdentifier;
        try
        {
            var admission = await store.CallAsync(key.Admit(requestId, tokens));
            RateLimitHeaders.Set(context.Response.Headers, admission);
        }
        catch (RateLimitedException limited)
        {
            RateLimitHeaders.Set(context.Response.Headers, limited.Standing);
            throw;
        }

        return new KeyLease(key, caller.Record.Id, requestId, time, logger, jobs);
    }
}
