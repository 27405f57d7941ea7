using System.Globalization;
using Orleans.Embedded.Chaos;
using Orleans.Embedded.Chaos.Cluster;
using Orleans.Embedded.Chaos.Load;

const string Usage = "usage: Orleans.Embedded.Chaos kill [--seconds 60] [--silos 4] [--edges 2] [--seed 1]";
switch (args)
{
    case ["silo", .. var settings]:
        return await SiloProgram.RunAsync(settings);
    case ["edge", .. var settings]:
        return await EdgeProgram.RunAsync(settings);
    case ["kill", .. var options]:
        return await KillAsync(options);
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

static async Task<int> KillAsync(string[] options)
{
    var (seconds, silos, edges, seed) = (60, 4, 2, 1);
    for (var i = 0; i < options.Length; i += 2)
    {
        if (i + 1 == options.Length || !int.TryParse(options[i + 1], CultureInfo.InvariantCulture, out var value))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        switch (options[i])
        {
            case "--seconds":
                seconds = value;
                break;
            case "--silos":
                silos = value;
                break;
            case "--edges":
                edges = value;
                break;
            case "--seed":
                seed = value;
                break;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    await using var cluster = await ChaosCluster.StartAsync(new ClusterSettings { Silos = silos, Edges = edges });
    var run = await KillRun.RunAsync(cluster, TimeSpan.FromSeconds(seconds), seed, Console.WriteLine);
    var slowest = run.Kills.Select(static kill => kill.Recovery).DefaultIfEmpty().Max();
    Console.WriteLine($"{run.Kills.Count} kills, slowest recovery {Seconds(slowest)}.");
    Console.WriteLine($"Ledgers: {Describe(run.Ledgers)}.");
    Console.WriteLine($"Edge silos: {Describe(run.Edges)}.");
    foreach (var broken in run.Broken)
    {
        Console.WriteLine(broken);
    }

    Console.WriteLine(run.Broken.Count == 0
        ? "No acknowledged write was lost, and no grain had two writers."
        : $"{run.Broken.Count} promises were broken.");
    return run.Broken.Count == 0 ? 0 : 1;
}

static string Describe(CallLoad load)
{
    var failures = string.Join(", ", load.Failures.Select(static failure => $"{failure.Key} {failure.Value}"));
    return $"{load.Answers} calls answered, {load.Failures.Values.Sum()} failed ({failures}), slowest {Seconds(load.Slowest)}";
}

static string Seconds(TimeSpan time)
{
    return string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F2} s");
}
