using System.Globalization;

namespace BTTInferGrid.Bench;

/// <summary>How much load, and on what, from the command line.</summary>
internal sealed record LoadBenchOptions(Uri Url, string Key, string Model, int Streams, int Seconds, IReadOnlyList<int> Processes)
{
    public const string Usage =
        "usage: BTTInferGrid.Bench load [--url URL] [--key-file FILE] [--model ID] [--streams N] [--seconds N] [--pids PID,PID]";

    public static LoadBenchOptions Parse(IReadOnlyList<string> args)
    {
        var options = new LoadBenchOptions(new Uri("http://127.0.0.1:8080"), "none", "grid-tiny", 200, 60, []);
        for (var i = 0; i + 1 < args.Count; i += 2)
        {
            var value = args[i + 1];
            options = args[i] switch
            {
                "--url" => options with { Url = new Uri(value) },
                "--key-file" => options with { Key = File.ReadAllText(value).Trim() },
                "--model" => options with { Model = value },
                "--streams" => options with { Streams = int.Parse(value, CultureInfo.InvariantCulture) },
                "--seconds" => options with { Seconds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--pids" => options with
                {
                    Processes = [.. value.Split(',').Select(static pid => int.Parse(pid, CultureInfo.InvariantCulture))],
                },
                _ => throw new ArgumentException($"Unknown option '{args[i]}'. {Usage}"),
            };
        }

        return options;
    }
}
