using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using BTTInferGrid.Compute;
using BTTInferGrid.Testing;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;
using Orleans.Runtime.Placement;
using Xunit.Abstractions;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>A cluster of silos, fronts and nodes loses any of its processes, and its database, under load.</summary>
public sealed class ClusterTests(ClusterProcesses cluster, ITestOutputHelper output) : IClassFixture<ClusterProcesses>
{
    private const int Clients = 6;

    // The aim is 3 s; machines that are shared are slower, and a failure of this test is to mean something.
    private static readonly TimeSpan MostRecovery = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Random _random = new(11);

    /// <summary>How long processes are killed, at least each kind once; BTTGRID_CHAOS_SECONDS sets another time.</summary>
    private static TimeSpan ChaosTime => TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable("BTTGRID_CHAOS_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 25);

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
    public async Task Deactivate_GrainsOfNodes_ReturnToTheirSessions()
    {
        using var client = cluster.Client();
        await client.StartAsync();
        var grains = client.Services.GetRequiredService<IGrainFactory>();
        var management = grains.GetGrain<IManagementGrain>(0);
        foreach (var node in cluster.Nodes)
        {
            // As when the silo that knew the grain's place has died: the next caller decides where the grain is.
            var miner = grains.GetMiner(node.MinerId);
            var before = await StandingAsync(node);
            var place = await management.GetActivationAddress(miner);
            var other = (await management.GetHosts(onlyActive: true)).Keys.First(silo => !silo.Equals(place));
            await miner.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
            await Poll.UntilAsync(() => StandingAsync(node), standing => standing.Since != before.Since, Patience);
            RequestContext.Set(IPlacementDirector.PlacementHintKey, other);
            await miner.Standing();
            output.WriteLine($"{node.Name}: its grain has come up on {await management.GetActivationAddress(miner)}, its session is on {place}");
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
            await Poll.UntilAsync(() => StandingAsync(node), static standing => standing.State == MinerState.Active, Patience);
        }

        await client.StopAsync();

        async Task<MinerStanding> StandingAsync(ClusterMember node) =>
            (await grains.GetGrain<IModelGrain>(TinyModel.Id).Miners()).Single(miner => miner.Offer.MinerId == node.MinerId);
    }

    [Fact]
    public async Task Kill_OneProcessAfterTheOtherUnderLoad_StreamsOfOtherFrontsAreWholeAndNothingAcknowledgedIsLost()
    {
        await using var load = new ClusterLoad(cluster, Clients, [.. cluster.FrontSilos, cluster.ClientFront]);
        var keys = new List<string>();
        var since = Stopwatch.GetTimestamp();
        do
        {
            ClusterMember[] kinds = [cluster.FrontSilos[_random.Next(2)], cluster.EngineSilo, cluster.Nodes[_random.Next(2)]];
            _random.Shuffle(kinds);
            foreach (var victim in kinds)
            {
                await load.UntilMoreAsync();
                await victim.KillAsync();
                var survivors = cluster.FrontSilos.Where(front => front != victim).ToArray();
                var served = (await Task.WhenAll(survivors.Select(load.UntilServedAsync))).Max();
                keys.Add(await CreateKeyAsync(survivors[0]));
                var start = Stopwatch.GetTimestamp();
                await victim.StartAsync();
                await cluster.WaitUntilWholeAsync();
                output.WriteLine(
                    $"{victim.Name} killed: served again after {served.TotalSeconds:0.00} s; started again and whole after"
                    + $" {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s more");
                served.Should().BeLessThan(MostRecovery);
            }
        }
        while (Stopwatch.GetElapsedTime(since) < ChaosTime);

        await StopAsync(load);
        (await KeysAsync()).Should().Contain(keys, "each was acknowledged");
    }

    [Fact]
    public async Task Freeze_FrontSilo_OthersServeAndItComesBack()
    {
        var (other, frozen) = (cluster.FrontSilos[0], cluster.FrontSilos[1]);
        await using var load = new ClusterLoad(cluster, Clients, cluster.FrontSilos);
        await load.UntilMoreAsync();

        frozen.Freeze();
        var served = await load.UntilServedAsync(other);
        var since = Stopwatch.GetTimestamp();
        using (var http = cluster.Http(other))
        {
            await Poll.UntilAsync(
                () => Task.FromResult(cluster.Nodes.All(node => node.Front == $"{other.Url}")), static moved => moved, TimeSpan.FromSeconds(60));
            string[] nodes = [.. cluster.Nodes.Select(static node => node.MinerId)];
            await Poll.UntilAsync(
                () => ClusterProcesses.ActiveMinersAsync(http), active => nodes.All(active.Contains), TimeSpan.FromSeconds(60));
        }

        output.WriteLine($"frozen: served after {served.TotalSeconds:0.00} s, all nodes after {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s more");
        var hasEnded = await frozen.ContinueAsync();
        output.WriteLine($"frozen: {(hasEnded ? "it ended itself and was started again" : "it goes on")}");
        await cluster.WaitUntilWholeAsync();
        await load.UntilServedAsync(frozen);
        await StopAsync(load);
    }

    [Fact]
    public async Task Terminate_EverySiloInTurnUnderLoad_NoStreamBreaks()
    {
        await using var load = new ClusterLoad(cluster, Clients, [.. cluster.FrontSilos, cluster.ClientFront]);
        foreach (var member in cluster.FrontSilos.Append(cluster.EngineSilo))
        {
            await load.UntilMoreAsync();
            var since = Stopwatch.GetTimestamp();
            (await member.TerminateAsync()).Should().Be(0, $"{member.Name} was asked to end:\n{member.Process.Log}");
            output.WriteLine($"{member.Name} has ended in good order after {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s");
            await member.StartAsync();
            await cluster.WaitUntilWholeAsync();
        }

        await StopAsync(load);
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

    private async Task<IEnumerable<string>> KeysAsync()
    {
        using var http = cluster.Http(cluster.ClientFront);
        var listed = await http.GetFromJsonAsync<JsonElement>("/v1/grid/keys");
        return listed.GetProperty("data").EnumerateArray().Select(static key => key.GetProperty("id").GetString()!).ToList();
    }
}
