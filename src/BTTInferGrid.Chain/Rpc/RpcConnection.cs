using System.Net.Http.Headers;
using System.Text;

namespace BTTInferGrid.Chain.Rpc;

/// <summary>Sends calls to one endpoint, once each, and reads the answer within the limits of the options.</summary>
internal sealed class RpcConnection
{
    private const int TooManyRequests = 429;

    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly RpcOptions _options;
    private readonly TimeProvider _time;
    private long _lastId;

    public RpcConnection(HttpClient http, Uri endpoint, RpcOptions options, TimeProvider time)
    {
        _http = http;
        _options = options;
        _time = time;
        Name = endpoint.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        _address = new UriBuilder(endpoint) { UserName = "", Password = "" }.Uri;
        _authorization = endpoint.UserInfo.Length == 0
            ? null
            : new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(endpoint.UserInfo))));
    }

    /// <summary>The endpoint as it may be shown: without user info, path and query, which may hold keys.</summary>
    public string Name { get; }

    /// <summary>Sends the calls as one request.</summary>
    /// <exception cref="RpcException">
    /// There is no answer that can be used. Never <see cref="RpcErrorException"/>.
    /// </exception>
    public async Task<RpcReply[]> SendAsync(IReadOnlyList<RpcCall> calls, CancellationToken cancellationToken)
    {
        var firstId = Interlocked.Add(ref _lastId, calls.Count) - calls.Count + 1;
        using var limit = new CancellationTokenSource(_options.CallTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _address);
            request.Headers.Authorization = _authorization;
            request.Content = new ReadOnlyMemoryContent(RpcCodec.Write(calls, firstId));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            // Some nodes give the errors of JSON-RPC an HTTP status of their own.
            var hasAnswer = response.IsSuccessStatusCode
                || response.Content.Headers.ContentType?.MediaType == "application/json";
            var status = (int)response.StatusCode;
            if (!hasAnswer || status is >= 500 or (>= 300 and < 400) or 401 or 403 or TooManyRequests)
            {
                throw new RpcUnreachableException(
                    $"{Name} answers with HTTP status {status}{(status == TooManyRequests ? ", too many calls" : "")}. "
                    + RpcUnreachableException.Advice);
            }

            return RpcCodec.Read(await ReadAsync(response, either.Token), calls, firstId, Name);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RpcUnreachableException(
                $"{Name} did not answer within {_options.CallTimeout.TotalSeconds} s. {RpcUnreachableException.Advice}",
                isTimeout: true);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            // Not the message of the exception: a handler may quote the address.
            var reason = error is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } http
                ? $"{http.HttpRequestError}"
                : "the connection broke";
            throw new RpcUnreachableException($"{Name} cannot be reached ({reason}). {RpcUnreachableException.Advice}");
        }
    }

    private async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var most = _options.MaxResponseBytes;
        if (response.Content.Headers.ContentLength > most)
        {
            throw new RpcTooLargeException(Name, most);
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var answer = new MemoryStream((int)(response.Content.Headers.ContentLength ?? 4096));
        var block = new byte[16384];
        int read;
        while ((read = await stream.ReadAsync(block, cancellationToken)) > 0)
        {
            if (answer.Length + read > most)
            {
                throw new RpcTooLargeException(Name, most);
            }

            answer.Write(block, 0, read);
        }

        return answer.ToArray();
    }
}
