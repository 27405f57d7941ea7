using System.Net;
using BTTInferGrid.Silo.Configuration;

namespace BTTInferGrid.Silo.Hosting;

/// <summary>What a person needs when the grid is up: where it is, the key, and a command that can be pasted.</summary>
internal static class ReadyMessage
{
    /// <param name="grid">What runs.</param>
    /// <param name="key">API key of the person who started it.</param>
    /// <param name="file">What it is made of.</param>
    /// <param name="acceptsLinks">Whether miners can join here.</param>
    public static string Write(ReadyDocument grid, string key, SiloFile file, bool acceptsLinks)
    {
        var url = grid.Url.GetLeftPart(UriPartial.Authority);
        return grid.Ready ? Ready(url, key, grid.KeyFile, file.Miner!.Model, grid.Chain) : Listens(url, key, grid.KeyFile, acceptsLinks);
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

    private static string Listens(string url, string key, string keyPath, bool acceptsLinks) =>
        $"""

        BTTInferGrid listens on {url}.

          API key   {key}
                    (also in {keyPath}){(acceptsLinks ? $"\n  Miners    join with: bttgrid miner join --front {url}" : "")}

        Ctrl-C stops it.

        """;

    /// <summary>Where clients of this machine reach a front: with TLS by the name that its certificate has.</summary>
    public static Uri AddressOf(Uri listening, FrontSection front)
    {
        var address = Reachable(listening);
        return front.CertificateFile is not null && front.Hosts is [var host, ..]
            ? new Uri($"{address.Scheme}://{host}:{address.Port}")
            : address;
    }

    /// <summary>An address that listens everywhere is reached on this machine by the loopback address.</summary>
    public static Uri Reachable(Uri listening) => new(
        IPAddress.TryParse(listening.Host.Trim('[', ']'), out var address)
        && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            ? $"{listening.Scheme}://127.0.0.1:{listening.Port}"
            : $"{listening.Scheme}://{listening.Authority}");
}
