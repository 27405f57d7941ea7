using System.Globalization;
using Orleans.Embedded.Chaos;
using Orleans.Embedded.Chaos.Cluster;

const string Usage = "usage: Orleans.Embedded.Chaos kill [--seconds 60] [--silos 4] [--seed 1]";
switch (args)
{
    case ["silo", .. var settings]:
        return await SiloProgram.RunAsync(settings);
    case ["kill", .. var options]:
        return await KillAsync(options);
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

static async Task<int> KillAsync(string[] options)
{
    var (seconds, silos, seed) = (60, 4, 1);
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
            case "--seed":
                seed = value;
                break;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    await using var cluster = await ChaosCluster.StartAsync(new ClusterSettings { Silos = silos });
    var run = await KillRun.RunAsync(cluster, TimeSpan.FromSeconds(seconds), seed, Console.WriteLine);
    Console.WriteLine(
        $"{run.Load.Acknowledged.Count} writes acknowledged, {run.Load.Failures.Values.Sum()} calls failed "
        + $"({string.Join(", ", run.Load.Failures.Select(static failure => $"{failure.Key} {failure.Value}"))}), "
        + string.Create(CultureInfo.InvariantCulture, $"slowest call {run.Load.Slowest.TotalSeconds:F2} s."));
    foreach (var broken in run.Broken)
    {
        Console.WriteLine(broken);
    }

    Console.WriteLine(run.Broken.Count == 0
        ? "No acknowledged write was lost, and no grain had two writers."
        : $"{run.Broken.Count} promises were broken.");
    return run.Broken.Count == 0 ? 0 : 1;
}
