using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.Chain.Tests.Faults;

/// <summary>
/// Stands between a client and a real node, counts the methods called, and does to them what the test says.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _node = new();
    private readonly Uri _address;
    private readonly ConcurrentQueue<string> _methods = new();
    private volatile Func<string, Fault> _choose = static _ => Fault.None;

    private FaultProxy(Uri node)
    {
        _address = node;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    /// <summary>The address of the proxy.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>The methods that clients called, in order, whether or not the node got them.</summary>
    public IReadOnlyCollection<string> Methods => _methods;

    /// <summary>Paths, queries and authorizations that clients sent.</summary>
    public ConcurrentQueue<string> Addresses { get; } = new();

    public static async Task<FaultProxy> StartAsync(Uri node)
    {
        var proxy = new FaultProxy(node);
        await proxy._app.StartAsync();
        var server = proxy._app.Services.GetRequiredService<IServer>();
        proxy.Endpoint = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return proxy;
    }

    /// <summary>Says what happens to each request from now on, by the methods in it.</summary>
    public void Set(Func<string, Fault> choose)
    {
        _choose = choose;
    }

    /// <summary>Has the fault happen to requests with the method from now on; so many times, or always.</summary>
    public void Set(Fault fault, string? method = null, int times = int.MaxValue)
    {
        var left = times;
        Set(methods => (method is null || methods.Contains(method, StringComparison.Ordinal))
            && Interlocked.Decrement(ref left) >= 0 ? fault : Fault.None);
    }

    /// <summary>Answers a method in place of the node from now on.</summary>
    public ConcurrentDictionary<string, string> Answers { get; } = new();

    /// <summary>The most blocks whose logs the node gives; more are refused as some nodes do.</summary>
    public ulong? RangeLimit { get; set; }

    /// <summary>A method that the node refuses with an error that says nothing of the call.</summary>
    public string? BrokenMethod { get; set; }

    public int Count(string method)
    {
        return _methods.Count(called => called == method);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _node.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var request = JsonNode.Parse(body)!;
        string[] methods = [.. Each(request).Select(call => (string)call!["method"]!)];
        Array.ForEach(methods, _methods.Enqueue);
        Addresses.Enqueue(
            $"{context.Request.Path}{context.Request.QueryString} {context.Request.Headers.Authorization}");
        var fault = _choose(string.Join(' ', methods));
        switch (fault)
        {
            case Fault.Refuse:
                context.Abort();
                return;
            case Fault.Stall:
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing);
                return;
            case Fault.Garbage:
                await context.Response.WriteAsync("<html>not a node</html>");
                return;
            case Fault.Endless:
                await WriteEndlesslyAsync(context);
                return;
            case Fault.TooMany:
                context.Response.StatusCode = 429;
                return;
            case Fault.BadGateway:
                context.Response.StatusCode = 502;
                return;
        }

        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _node.PostAsync(_address, content);
        var text = Replace(await answer.Content.ReadAsStringAsync(), request, fault);
        if (fault == Fault.DropAnswer)
        {
            context.Abort();
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(text);
    }

    private static async Task WriteEndlesslyAsync(HttpContext context)
    {
        var block = new byte[65536];
        Array.Fill(block, (byte)' ');
        try
        {
            while (true)
            {
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The client had enough.
        }
    }

    private static JsonNode?[] Each(JsonNode node)
    {
        return node is JsonArray array ? [.. array] : [node];
    }

    private static void Refuse(JsonNode reply, string error)
    {
        reply.AsObject().Remove("result");
        reply["error"] = JsonNode.Parse(error);
    }

    private static ulong? RangeOf(JsonNode call)
    {
        if ((string)call["method"]! != "eth_getLogs")
        {
            return null;
        }

        var filter = call["params"]![0]!;
        return Number("toBlock") - Number("fromBlock") + 1;

        ulong Number(string name) => Convert.ToUInt64((string)filter[name]!, 16);
    }

    private string Replace(string answer, JsonNode request, Fault fault)
    {
        if (Answers.IsEmpty && RangeLimit is null && BrokenMethod is null && fault != Fault.WrongId)
        {
            return answer;
        }

        var replies = JsonNode.Parse(answer)!;
        foreach (var reply in Each(replies))
        {
            var call = Each(request).First(call => (long)call!["id"]! == (long)reply!["id"]!);
            if (Answers.TryGetValue((string)call!["method"]!, out var result))
            {
                reply!.AsObject().Remove("error");
                reply["result"] = JsonNode.Parse(result);
            }

            if (RangeOf(call) > RangeLimit)
            {
                Refuse(reply!, """{"code":-32005,"message":"block range is too large"}""");
            }

            if ((string)call["method"]! == BrokenMethod)
            {
                Refuse(reply!, """{"code":-32603,"message":"internal error"}""");
            }

            if (fault == Fault.WrongId)
            {
                reply!["id"] = (long)reply["id"]! + 1000;
            }
        }

        return replies.ToJsonString();
    }
}
