using System.Net.Http.Json;
using System.Text.Json;
using BTTInferGrid.Testing;
using FluentAssertions;
using Xunit.Abstractions;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>A cluster of silos, fronts and nodes loses any of its processes, and its database, under load.</summary>
public sealed class ClusterTests(ClusterProcesses cluster, ITestOutputHelper output) : IClassFixture<ClusterProcesses>
{
    private const int Clients = 6;

    [Fact]
    public async Task Answer_ThroughEveryFront_IsTheSameAndEveryFrontListsAllMiners()
    {
        foreach (var front in cluster.FrontSilos.Append(cluster.ClientFront))
        {
            using var http = cluster.Http(front);
            using var response = await http.PostAsJsonAsync("/v1/chat/completions", new
            {
                model = TinyModel.Id,
                temperature = 0,
                messages = new[] { new { role = "user", content = TinyModel.Question } },
            });
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>();

            answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().Should().Be(TinyModel.Answer);
            (await ClusterProcesses.ActiveMinersAsync(http)).Should().BeEquivalentTo(
                cluster.Nodes.Append(cluster.EngineSilo).Select(static member => member.MinerId), $"{front.Name} lists them");
        }
    }

    [Fact]
    public async Task Database_RestartedAndAwayUnderLoad_RequestsAreServedOrToldToComeBack()
    {
        await using var load = new ClusterLoad(cluster, Clients, [.. cluster.FrontSilos, cluster.ClientFront]);
        await load.UntilMoreAsync();

        await cluster.Database.StopAsync();
        await cluster.Database.StartAsync();
        await load.UntilMoreAsync();
        await cluster.Database.StopAsync();
        await load.UntilMoreAsync();
        await Task.Delay(TimeSpan.FromSeconds(3));
        await cluster.Database.StartAsync();
        await cluster.WaitUntilWholeAsync();
        await load.UntilMoreAsync();
        await CreateKeyAsync(cluster.FrontSilos[0]);

        await StopAsync(load);
    }

    private async Task StopAsync(ClusterLoad load)
    {
        await load.StopAsync();
        output.WriteLine($"{load}");
        string.Join('\n', load.Faults).Should().BeEmpty("{0}", Errors());
    }

    /// <summary>The last errors that the silos logged.</summary>
    private string Errors() => string.Join('\n', cluster.FrontSilos.Append(cluster.EngineSilo)
        .Select(static silo => $"{silo.Name}: {string.Join('\n', silo.Errors.TakeLast(3))}"));

    /// <summary>Makes a key, however often that must be tried, and returns its id.</summary>
    private async Task<string> CreateKeyAsync(ClusterMember front)
    {
        using var http = cluster.Http(front);
        using var response = await Poll.UntilAsync(
            () => http.PostAsJsonAsync("/v1/grid/keys", new { name = "made under load" }),
            static response => response.IsSuccessStatusCode,
            TimeSpan.FromSeconds(30));
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }
}
