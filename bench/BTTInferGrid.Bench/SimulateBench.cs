using System.Diagnostics;
using System.Globalization;
using BTTInferGrid.Simulation;

namespace BTTInferGrid.Bench;

/// <summary>
/// How many jobs and tokens the grid's own parts (routing, jobs, miners' grains, streams between silos) carry: a simulated grid under a constant
/// number of jobs, whose scripted miners cost next to nothing. Prints one row of a table.
/// </summary>
internal static class SimulateBench
{
    public const string Usage =
        "usage: BTTInferGrid.Bench simulate [--silos N] [--miners N] [--faulty N] [--streams N] [--jobs N] [--tokens N] [--rate N]";

    private static readonly TimeSpan FirstToken = TimeSpan.FromMilliseconds(50);

    public static async Task RunAsync(IReadOnlyList<string> args)
    {
        var numbers = new Dictionary<string, int>
        {
            ["--silos"] = 3,
            ["--miners"] = 1000,
            ["--faulty"] = 0,
            ["--streams"] = 200,
            ["--jobs"] = 2000,
            ["--tokens"] = 50,
            ["--rate"] = 50,
        };
        for (var i = 0; i + 1 < args.Count; i += 2)
        {
            if (!numbers.ContainsKey(args[i]))
            {
                throw new ArgumentException($"Unknown option '{args[i]}'. {Usage}");
            }

            numbers[args[i]] = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
        }

        var script = new MinerScript { FirstToken = FirstToken, TokensPerSecond = numbers["--rate"] };
        var begun = Stopwatch.GetTimestamp();
        await using var grid = await SimulatedGrid.StartAsync(new SimulationOptions { Silos = (short)numbers["--silos"] });
        var started = Stopwatch.GetElapsedTime(begun);
        begun = Stopwatch.GetTimestamp();
        await grid.AddMinersAsync(numbers["--miners"], number => number < numbers["--faulty"]
            ? script with { Fault = MinerFault.Fails, FaultAfter = numbers["--tokens"] / 2 }
            : script);
        var joined = Stopwatch.GetElapsedTime(begun);

        await RunAsync(grid, numbers["--streams"], numbers["--streams"], numbers["--tokens"]);
        begun = Stopwatch.GetTimestamp();
        var runs = await RunAsync(grid, numbers["--streams"], numbers["--jobs"], numbers["--tokens"]);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var waits = runs.Select(static run => (run.FirstToken - FirstToken).TotalMilliseconds).Order().ToList();
        Console.WriteLine("| silos | miners | up, s | active, s | streams | jobs/s | tokens/s | added to the first token, p50 / p99 ms | failovers |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {numbers["--silos"]} | {numbers["--miners"]} | {started.TotalSeconds:F1} | {joined.TotalSeconds:F1} | {numbers["--streams"]} |"
            + $" {runs.Length / seconds:F0} | {runs.Sum(static run => (long)run.Tokens.Length) / seconds:F0} |"
            + $" {waits[waits.Count / 2]:F1} / {waits[waits.Count * 99 / 100]:F1} | {runs.Sum(static run => run.Miners.Length - 1)} |"));
    }

    /// <summary>Runs jobs, so many at the same time, from the fronts of all silos in turn.</summary>
    private static async Task<JobRun[]> RunAsync(SimulatedGrid grid, int streams, int jobs, int tokens)
    {
        var silos = grid.Silos;
        var runs = new JobRun[jobs];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => Task.Run(async () =>
        {
            for (var job = Interlocked.Increment(ref next); job < jobs; job = Interlocked.Increment(ref next))
            {
                runs[job] = await grid.RunToEndAsync(SimulatedModel.Ask($"Question {job}?", tokens), silos[job % silos.Count]);
            }
        })));
        return runs;
    }
}
