using BTTInferGrid.Front.Errors;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace BTTInferGrid.Front.Keys;

/// <summary>Lets a request through that carries a known API key, as a bearer token or in <c>X-Api-Key</c>.</summary>
internal sealed class ApiKeyFilter(IOptions<FrontOptions> options) : IEndpointFilter
{
    private const string Bearer = "Bearer ";
    private const int TenantDigits = 16;
    private static readonly object TenantItem = new();
    private readonly HashSet<string> _hashes = [.. options.Value.ApiKeyHashes];

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Items[TenantItem] = Authenticate(context.HttpContext.Request);
        return next(context);
    }

    /// <summary>Whose request it is: a part of its key's hash, which tells the holder of the key from others and no more.</summary>
    public static string TenantOf(HttpContext context) =>
        context.Items[TenantItem] as string
        ?? throw new InvalidOperationException("The request was not authenticated before it was served.");

    private string Authenticate(HttpRequest request)
    {
        var key = ReadKey(request);
        if (string.IsNullOrEmpty(key))
        {
            throw ApiException.InvalidKey(
                $"No API key. Send it in the header 'Authorization: Bearer {ApiKey.Prefix}...'.");
        }

        if (!ApiKey.IsWellFormed(key))
        {
            throw ApiException.InvalidKey(
                $"The API key is malformed. A key of this grid begins with '{ApiKey.Prefix}'; check that it is whole.");
        }

        var hash = ApiKey.Hash(key);
        return _hashes.Contains(hash)
            ? hash[..TenantDigits]
            : throw ApiException.InvalidKey("The API key is not known here. Check that it is for this grid.");
    }

    private static string? ReadKey(HttpRequest request)
    {
        var authorization = request.Headers[HeaderNames.Authorization].ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? authorization[Bearer.Length..].Trim()
            : request.Headers["X-Api-Key"].ToString();
    }
}
