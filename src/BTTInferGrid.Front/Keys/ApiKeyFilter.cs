using System.Text;
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
    private const string Basic = "Basic ";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.GetEndpoint()?.Metadata.GetMetadata<BrowserLogin>() is not null)
        {
            // Asks a browser for the key; a client that sent one ignores it.
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"bttgrid\", charset=\"UTF-8\"";
        }

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
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return authorization[Bearer.Length..].Trim();
        }

        return authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)
            && request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<BrowserLogin>() is not null
            ? PasswordOf(authorization[Basic.Length..].Trim())
            : request.Headers["X-Api-Key"].ToString();
    }

    /// <summary>The password of Basic authentication (RFC 7617), whatever the name of the user; empty if it is malformed.</summary>
    private static string PasswordOf(string credentials)
    {
        var bytes = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, bytes, out var length))
        {
            return "";
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        return text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];
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
