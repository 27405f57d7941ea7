using System.Globalization;
using BTTInferGrid.Inference;
using BTTInferGrid.Testing.Models;

namespace BTTInferGrid.Bench;

/// <summary>Writes a model of random weights, to measure on a size that the repository does not ship.</summary>
internal static class Synthesize
{
    public const string Usage =
        "usage: BTTInferGrid.Bench synthesize OUT [--layers N] [--embedding N] [--feed-forward N] [--heads N] "
        + "[--kv-heads N] [--context N] [--type F16|Q8_0|F32] [--seed N] [--tokenizer FILE]";

    public static void Run(string output, IReadOnlyList<string> args)
    {
        var shape = SyntheticModel.About100M;
        var tokenizer = "models/grid-tiny-4l.q8_0.gguf";
        for (var i = 0; i + 1 < args.Count; i += 2)
        {
            var value = args[i + 1];
            (shape, tokenizer) = args[i] switch
            {
                "--layers" => (shape with { Layers = Number(value) }, tokenizer),
                "--embedding" => (shape with { Embedding = Number(value) }, tokenizer),
                "--feed-forward" => (shape with { FeedForward = Number(value) }, tokenizer),
                "--heads" => (shape with { Heads = Number(value) }, tokenizer),
                "--kv-heads" => (shape with { KeyValueHeads = Number(value) }, tokenizer),
                "--context" => (shape with { Context = Number(value) }, tokenizer),
                "--type" => (shape with { Type = Type(value) }, tokenizer),
                "--seed" => (shape with { Seed = (ulong)Number(value) }, tokenizer),
                "--tokenizer" => (shape, value),
                _ => throw new ArgumentException($"Unknown option '{args[i]}'. {Usage}"),
            };
        }

        shape.Write(output, GgufFile.Read(tokenizer));
        var file = GgufFile.Read(output);
        Console.WriteLine(
            $"{output}: {file.Parameters / 1e6:F1} M weights, {file.Quantization}, {file.Bytes / 1e6:F1} MB");
    }

    private static int Number(string value) => int.Parse(value, CultureInfo.InvariantCulture);

    private static GgufTensorType Type(string name) => name switch
    {
        "F16" => GgufTensorType.F16,
        "F32" => GgufTensorType.F32,
        "Q8_0" => GgufTensorType.Q80,
        _ => throw new ArgumentException($"Unknown type '{name}'. {Usage}"),
    };
}
