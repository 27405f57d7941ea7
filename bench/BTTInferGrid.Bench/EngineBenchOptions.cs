using System.Globalization;

namespace BTTInferGrid.Bench;

/// <summary>What to measure, from the command line.</summary>
internal sealed record EngineBenchOptions(string Model, int Rounds, int Tokens, int Threads, string? CpuBackend)
{
    public const string Usage =
        "usage: BTTInferGrid.Bench engine [--model FILE] [--rounds N] [--tokens N] [--threads N] [--cpu-backend NAME]";

    public static EngineBenchOptions Parse(IReadOnlyList<string> args)
    {
        var options = new EngineBenchOptions("models/grid-tiny-4l.q8_0.gguf", 5, 4000, 0, null);
        for (var i = 0; i + 1 < args.Count; i += 2)
        {
            var value = args[i + 1];
            options = args[i] switch
            {
                "--model" => options with { Model = value },
                "--rounds" => options with { Rounds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--tokens" => options with { Tokens = int.Parse(value, CultureInfo.InvariantCulture) },
                "--threads" => options with { Threads = int.Parse(value, CultureInfo.InvariantCulture) },
                "--cpu-backend" => options with { CpuBackend = value },
                _ => throw new ArgumentException($"Unknown option '{args[i]}'. {Usage}"),
            };
        }

        return options;
    }
}
