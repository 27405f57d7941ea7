using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BTTInferGrid.Silo.Commands;

namespace BTTInferGrid.Silo.Client;

/// <summary>Talks to a running grid as any client does, over its HTTP API.</summary>
internal sealed class GridClient : IDisposable
{
    // Far more than a full answer needs, and less than a wrong server could fill the memory with.
    private const int MaxAnswerBytes = 16 << 20;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;

    /// <param name="url">Where the grid listens.</param>
    /// <param name="key">An API key.</param>
    public GridClient(Uri url, string key)
    {
        Url = url;
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = Timeout, MaxResponseDrainSize = 0 })
        {
            BaseAddress = url,
            MaxResponseContentBufferSize = MaxAnswerBytes,
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public Uri Url { get; }

    public void Dispose() => _http.Dispose();

    public async Task<IReadOnlyList<MinerDocument>> MinersAsync(CancellationToken cancellationToken) =>
        (await GetAsync("v1/grid/miners", ClientJson.Default.MinersDocument, cancellationToken)).Miners;

    public Task<MinerDocument> SuspendAsync(string minerId, string reason, CancellationToken cancellationToken) => CallAsync(
        new HttpRequestMessage(HttpMethod.Put, SuspensionOf(minerId))
        {
            Content = JsonContent.Create(new SuspensionDocument(reason), ClientJson.Default.SuspensionDocument),
        },
        ClientJson.Default.MinerDocument,
        cancellationToken);

    public Task<MinerDocument> ResumeAsync(string minerId, CancellationToken cancellationToken) => CallAsync(
        new HttpRequestMessage(HttpMethod.Delete, SuspensionOf(minerId)), ClientJson.Default.MinerDocument, cancellationToken);

    public async Task<IReadOnlyList<ServedModelDocument>> ModelsAsync(CancellationToken cancellationToken) =>
        (await GetAsync("v1/grid/models", ClientJson.Default.ServedModelsDocument, cancellationToken)).Models;

    public async Task<IReadOnlyList<KeyDocument>> KeysAsync(CancellationToken cancellationToken) =>
        (await GetAsync("v1/grid/keys", ClientJson.Default.KeysDocument, cancellationToken)).Data;

    public Task<KeyDocument> CreateKeyAsync(NewKeyDocument key, CancellationToken cancellationToken) => CallAsync(
        new HttpRequestMessage(HttpMethod.Post, "v1/grid/keys") { Content = JsonContent.Create(key, ClientJson.Default.NewKeyDocument) },
        ClientJson.Default.KeyDocument,
        cancellationToken);

    public Task<RevokedDocument> RevokeKeyAsync(string id, CancellationToken cancellationToken) => CallAsync(
        new HttpRequestMessage(HttpMethod.Delete, $"v1/grid/keys/{Uri.EscapeDataString(id)}"),
        ClientJson.Default.RevokedDocument,
        cancellationToken);

    /// <summary>Streams an answer. Leaving the loop early ends it at the grid.</summary>
    /// <exception cref="CommandException">No grid, or it refused or failed.</exception>
    public async IAsyncEnumerable<ChatChunkDocument> ChatAsync(
        ChatRequestDocument request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions")
        {
            Content = JsonContent.Create(request, ClientJson.Default.ChatRequestDocument),
        };
        using var response = await SendAsync(message, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var parser = SseParser.Create(body, static (_, data) => data.SequenceEqual("[DONE]"u8) ? null : Parse(data));
        await using var events = parser.EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(events))
        {
            if (events.Current.Data is not { } chunk)
            {
                yield break;
            }

            if (chunk.Error is { } error)
            {
                throw Refused(error, (int)response.StatusCode);
            }

            yield return chunk;
        }

        throw Broken("the answer ended before it was complete");
    }

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<SseItem<ChatChunkDocument?>> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception error) when (error is IOException or HttpRequestException or JsonException)
        {
            throw Broken(error.Message, error);
        }
    }

    private static string SuspensionOf(string minerId) => $"v1/grid/miners/{Uri.EscapeDataString(minerId)}/suspension";

    private static ChatChunkDocument Parse(ReadOnlySpan<byte> data) =>
        JsonSerializer.Deserialize(data, ClientJson.Default.ChatChunkDocument) ?? new ChatChunkDocument();

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        CallAsync(new HttpRequestMessage(HttpMethod.Get, path), type, cancellationToken);

    private async Task<T> CallAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            using (request)
            {
                using var response = await SendAsync(request, limit.Token);
                await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, limit.Token);
                return await response.Content.ReadFromJsonAsync(type, limit.Token) ?? throw Broken("it answered 'null'");
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.NoGrid, "no_answer", $"The grid at {Url} did not answer within {Timeout.TotalSeconds} s.");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException)
        {
            throw Broken(error.Message, error);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException error)
        {
            throw new CommandException(
                ExitCode.NoGrid,
                "no_grid",
                $"There is no grid at {Url}: start one with 'bttgrid up', or say where it is with --url. ({error.Message})",
                error);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw Refused(await ErrorOfAsync(response, cancellationToken), (int)response.StatusCode);
        }
    }

    private static async Task<ApiErrorBody> ErrorOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
            var document = await response.Content.ReadFromJsonAsync(ClientJson.Default.ApiErrorDocument, cancellationToken);
            return document?.Error ?? new ApiErrorBody();
        }
        catch (Exception error) when (error is JsonException or HttpRequestException or IOException or NotSupportedException)
        {
            // It is no grid's answer; the status is all there is to tell.
            return new ApiErrorBody();
        }
    }

    private CommandException Refused(ApiErrorBody error, int status) => new(
        ExitCode.Refused, error.Code ?? "refused", status == 401 ? $"{error.Message} ({Url})" : error.Message ?? $"{Url} answered with status {status}, which no grid does. Is it one?");

    private CommandException Broken(string reason, Exception? cause = null) =>
        new(ExitCode.Refused, "broken_answer", $"The answer of {Url} cannot be used: {reason}.", cause);
}
