using BTTInferGrid.Accounts;
using BTTInferGrid.Front.Errors;
using Microsoft.Net.Http.Headers;

namespace BTTInferGrid.Front.Keys;

/// <summary>
/// Lets a request through whose API key, a bearer token or in <c>X-Api-Key</c>, is known, valid, and of the scope that
/// the route requires.
/// </summary>
internal sealed class ApiKeyFilter(ApiKeyLookup keys, [GridClock] TimeProvider time) : IEndpointFilter
{
    private const string Bearer = "Bearer ";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var hash = ReadHash(http.Request);
        var record = ApiKeyRecord.Require(await keys.FindAsync(hash, http.RequestAborted), time.GetUtcNow());
        RequireScope(http, record);
        http.Features.Set(new Caller(hash, record));
        return await next(context);
    }

    public static Caller CallerOf(HttpContext context) =>
        context.Features.Get<Caller>()
        ?? throw new InvalidOperationException("The request was not authenticated before it was served.");

    /// <summary>Whose request it is, in the words for miners: a random name, the same for all keys of an account.</summary>
    public static string TenantOf(HttpContext context) => CallerOf(context).Record.Tenant;

    private static string ReadHash(HttpRequest request)
    {
        var key = ReadKey(request);
        if (string.IsNullOrEmpty(key))
        {
            throw ApiException.InvalidKey(
                $"No API key. Send it in the header 'Authorization: Bearer {ApiKey.Prefix}...'.");
        }

        return ApiKey.IsWellFormed(key)
            ? ApiKey.Hash(key)
            : throw ApiException.InvalidKey(
                $"The API key is malformed. A key of this grid begins with '{ApiKey.Prefix}'; check that it is whole.");
    }

    private static string? ReadKey(HttpRequest request)
    {
        var authorization = request.Headers[HeaderNames.Authorization].ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? authorization[Bearer.Length..].Trim()
            : request.Headers["X-Api-Key"].ToString();
    }

    private static void RequireScope(HttpContext context, ApiKeyRecord record)
    {
        var required = context.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>()
            ?? throw new InvalidOperationException("A route with API keys must say which scope it requires.");
        if (!record.Scopes.HasFlag(required.Scope))
        {
            throw ApiException.MissingScope(record.Id, ScopeNames.Of(required.Scope));
        }
    }
}
