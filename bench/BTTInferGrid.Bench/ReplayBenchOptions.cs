using System.Globalization;

namespace BTTInferGrid.Bench;

/// <summary>What to replay, from the command line.</summary>
internal sealed record ReplayBenchOptions(string Model, int Rounds, int Tokens, int Threads)
{
    public const string Usage =
        "usage: BTTInferGrid.Bench replay [--model FILE] [--rounds N] [--tokens N] [--threads N]";

    public static ReplayBenchOptions Parse(IReadOnlyList<string> args)
    {
        var options = new ReplayBenchOptions("models/grid-tiny-4l.q8_0.gguf", 10, 512, 1);
        for (var i = 0; i + 1 < args.Count; i += 2)
        {
            var value = args[i + 1];
            options = args[i] switch
            {
                "--model" => options with { Model = value },
                "--rounds" => options with { Rounds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--tokens" => options with { Tokens = int.Parse(value, CultureInfo.InvariantCulture) },
                "--threads" => options with { Threads = int.Parse(value, CultureInfo.InvariantCulture) },
                _ => throw new ArgumentException($"Unknown option '{args[i]}'. {Usage}"),
            };
        }

        return options;
    }
}
