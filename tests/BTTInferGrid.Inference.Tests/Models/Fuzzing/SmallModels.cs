using BTTInferGrid.Testing.Models;

namespace BTTInferGrid.Inference.Tests.Models.Fuzzing;

/// <summary>Models that are small enough to be made by the thousand.</summary>
internal static class SmallModels
{
    private static readonly SyntheticModel Shape = SyntheticModel.Tiny with
    {
        Layers = 2,
        Embedding = 64,
        FeedForward = 64,
        Heads = 4,
        KeyValueHeads = 2,
    };

    private static readonly GgufFile Tokenizer = GgufFile.Read(TinyModel.ModelPath);

    /// <summary>A model with the whole vocabulary of the tiny one.</summary>
    public static GgufWriter Complete() => Shape.Writer(Tokenizer);

    /// <summary>A model with a vocabulary of 24 tokens.</summary>
    public static GgufWriter Minimal()
    {
        var writer = Complete();
        var tokens = (string[])writer.Metadata["tokenizer.ggml.tokens"];
        writer.Metadata["tokenizer.ggml.tokens"] = (string[])[.. tokens[^24..]];
        writer.Metadata["tokenizer.ggml.token_type"] = Enumerable.Repeat(1, 24).ToArray();
        writer.Metadata["tokenizer.ggml.merges"] = new[] { "h e", "i s" };
        foreach (var (key, value) in writer.Metadata.ToArray())
        {
            if (key.EndsWith("_token_id", StringComparison.Ordinal))
            {
                writer.Metadata[key] = (uint)value - 1000;
            }
        }

        return writer;
    }

    public static byte[] Bytes(GgufWriter writer)
    {
        using var stream = new MemoryStream();
        writer.Write(stream);
        return stream.ToArray();
    }
}
