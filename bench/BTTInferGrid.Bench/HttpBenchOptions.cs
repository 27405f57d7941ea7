using System.Globalization;

namespace BTTInferGrid.Bench;

/// <summary>What to measure over HTTP, from the command line.</summary>
internal sealed record HttpBenchOptions(Uri Url, string Key, string Model, int Rounds, int Tokens)
{
    public const string Usage =
        "usage: BTTInferGrid.Bench http [--url URL] [--key-file FILE] [--model ID] [--rounds N] [--tokens N]";

    public static HttpBenchOptions Parse(IReadOnlyList<string> args)
    {
        var options = new HttpBenchOptions(new Uri("http://127.0.0.1:8080"), "none", "grid-tiny", 5, 4000);
        for (var i = 0; i + 1 < args.Count; i += 2)
        {
            var value = args[i + 1];
            options = args[i] switch
            {
                "--url" => options with { Url = new Uri(value) },
                "--key-file" => options with { Key = File.ReadAllText(value).Trim() },
                "--model" => options with { Model = value },
                "--rounds" => options with { Rounds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--tokens" => options with { Tokens = int.Parse(value, CultureInfo.InvariantCulture) },
                _ => throw new ArgumentException($"Unknown option '{args[i]}'. {Usage}"),
            };
        }

        return options;
    }
}
