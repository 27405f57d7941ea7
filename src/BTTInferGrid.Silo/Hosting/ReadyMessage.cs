using System.Net;
using BTTInferGrid.Silo.Configuration;

namespace BTTInferGrid.Silo.Hosting;

/// <summary>What a person needs when the grid is up: where it is, the key, and a command that can be pasted.</summary>
internal static class ReadyMessage
{
    public static string Write(ReadyDocument grid, string key, SiloFile file)
    {
        var url = grid.Url.GetLeftPart(UriPartial.Authority);
        return grid.Ready ? Ready(url, key, grid.KeyFile, file.Miner!.Model, grid.Chain) : NoMiner(url, key, grid.KeyFile);
    }

    private static string Ready(string url, string key, string keyPath, string model, Uri? chain) =>
        $$"""

        BTTInferGrid is ready on {{url}}

          API key   {{key}}
                    (also in {{keyPath}})
          Model     {{model}}{{(chain is null ? "" : $"\n  Chain     {chain}, a local one with play money")}}

        Try it:

          curl -N {{url}}/v1/chat/completions \
            -H "Authorization: Bearer {{key}}" \
            -H "Content-Type: application/json" \
            -d '{"model": "{{model}}", "stream": true, "temperature": 0, "messages": [{"role": "user", "content": "What is the capital of Japan?"}]}'

        Any OpenAI client works: base URL {{url}}/v1, and the key above. Ctrl-C stops the grid.

        """;

    private static string NoMiner(string url, string key, string keyPath) =>
        $"""

        BTTInferGrid listens on {url}. Jobs are answered 503 until a miner joins:

          bttgrid miner join --front {url}

          API key   {key}
                    (also in {keyPath})

        Ctrl-C stops the grid.

        """;

    /// <summary>An address that listens everywhere is reached on this machine by the loopback address.</summary>
    public static Uri Reachable(Uri listening) => new(
        IPAddress.TryParse(listening.Host.Trim('[', ']'), out var address)
        && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            ? $"{listening.Scheme}://127.0.0.1:{listening.Port}"
            : $"{listening.Scheme}://{listening.Authority}");
}
