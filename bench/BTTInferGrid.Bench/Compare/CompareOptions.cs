using System.Globalization;

namespace BTTInferGrid.Bench.Compare;

/// <summary>What to compare, from the command line.</summary>
internal sealed record CompareOptions(string Model, Uri? Server, int ServerProcess, int Rounds, int Threads, int OutputTokens, int? RetainedTokens, string Only)
{
    /// <summary>A running grid that takes the engine's place; null compares the engine.</summary>
    public Uri? Grid { get; init; }

    public string GridKey { get; init; } = "";

    public string GridModel { get; init; } = "grid-tiny";

    public IReadOnlyList<int> GridProcesses { get; init; } = [];

    public const string Usage =
        "usage: BTTInferGrid.Bench compare [--model FILE] [--server URL --server-pid PID] [--rounds N] [--threads N] [--tokens N] [--retained N] [--only TEXT] [--grid URL --key-file FILE --grid-model ID --grid-pids PID,PID]";

    public static CompareOptions Parse(IReadOnlyList<string> args)
    {
        var options = new CompareOptions("models/grid-tiny-4l.q8_0.gguf", null, 0, 5, 1, 128, null, "");
        for (var i = 0; i + 1 < args.Count; i += 2)
        {
            var value = args[i + 1];
            options = args[i] switch
            {
                "--model" => options with { Model = value },
                "--server" => options with { Server = new Uri(value) },
                "--server-pid" => options with { ServerProcess = int.Parse(value, CultureInfo.InvariantCulture) },
                "--rounds" => options with { Rounds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--threads" => options with { Threads = int.Parse(value, CultureInfo.InvariantCulture) },
                "--tokens" => options with { OutputTokens = int.Parse(value, CultureInfo.InvariantCulture) },
                "--retained" => options with { RetainedTokens = int.Parse(value, CultureInfo.InvariantCulture) },
                "--only" => options with { Only = value },
                "--grid" => options with { Grid = new Uri(value) },
                "--key-file" => options with { GridKey = File.ReadAllText(value).Trim() },
                "--grid-model" => options with { GridModel = value },
                "--grid-pids" => options with
                {
                    GridProcesses = [.. value.Split(',').Select(static pid => int.Parse(pid, CultureInfo.InvariantCulture))],
                },
                _ => throw new ArgumentException($"Unknown option '{args[i]}'. {Usage}"),
            };
        }

        return options;
    }
}
