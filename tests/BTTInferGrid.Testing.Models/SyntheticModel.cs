using BTTInferGrid.Inference;

namespace BTTInferGrid.Testing.Models;

/// <summary>
/// The shape of a Llama model whose weights are random: as fast as a trained one, and as large as is wished.
/// </summary>
/// <remarks>
/// Weights come from a seed, so the same shape gives the same file. Its tokenizer is that of another model file. It
/// answers nonsense.
/// </remarks>
public sealed record SyntheticModel
{
    public int Layers { get; init; } = 12;

    public int Embedding { get; init; } = 768;

    public int FeedForward { get; init; } = 2048;

    public int Heads { get; init; } = 12;

    public int KeyValueHeads { get; init; } = 4;

    public int Context { get; init; } = 8192;

    /// <summary>The type of all matrices: F16, Q8_0 or F32.</summary>
    public GgufTensorType Type { get; init; } = GgufTensorType.Q80;

    public ulong Seed { get; init; } = 1;

    /// <summary>A model of about 100 million weights.</summary>
    public static SyntheticModel About100M { get; } = new() { Layers = 16, FeedForward = 2048 };

    /// <summary>The smallest that exercises everything.</summary>
    public static SyntheticModel Tiny { get; } =
        new() { Layers = 2, Embedding = 64, FeedForward = 128, Heads = 4, KeyValueHeads = 2, Context = 512 };

    /// <summary>Writes the model.</summary>
    /// <param name="path">The file to make.</param>
    /// <param name="tokenizer">The model whose tokenizer and chat template it gets.</param>
    public void Write(string path, GgufFile tokenizer) => Writer(tokenizer).Write(path);

    /// <summary>The model's metadata and tensors, to be changed before they are written.</summary>
    public GgufWriter Writer(GgufFile tokenizer)
    {
        var writer = new GgufWriter();
        var metadata = writer.Metadata;
        metadata["general.architecture"] = "llama";
        metadata["general.name"] = $"synthetic-{Layers}x{Embedding}";
        metadata["general.file_type"] = Type == GgufTensorType.F16 ? 1U : Type == GgufTensorType.Q80 ? 7U : 0U;
        metadata["llama.context_length"] = (uint)Context;
        metadata["llama.embedding_length"] = (uint)Embedding;
        metadata["llama.block_count"] = (uint)Layers;
        metadata["llama.feed_forward_length"] = (uint)FeedForward;
        metadata["llama.attention.head_count"] = (uint)Heads;
        metadata["llama.attention.head_count_kv"] = (uint)KeyValueHeads;
        metadata["llama.attention.layer_norm_rms_epsilon"] = 1e-5f;
        metadata["llama.rope.freq_base"] = 10000f;
        metadata["llama.rope.dimension_count"] = (uint)(Embedding / Heads);
        metadata["llama.vocab_size"] = (uint)tokenizer.VocabularySize;
        foreach (var (key, value) in tokenizer.Metadata.Entries)
        {
            if (key.StartsWith("tokenizer.", StringComparison.Ordinal))
            {
                metadata[key] = GgufWriter.Boxed(value);
            }
        }

        AddTensors(writer, tokenizer.VocabularySize);
        return writer;
    }

    private void AddTensors(GgufWriter writer, int tokens)
    {
        var shared = Embedding / Heads * KeyValueHeads;
        Matrix("token_embd.weight", Embedding, tokens);
        Norm("output_norm.weight");
        for (var layer = 0; layer < Layers; layer++)
        {
            var block = $"blk.{layer}.";
            Norm(block + "attn_norm.weight");
            Matrix(block + "attn_q.weight", Embedding, Embedding);
            Matrix(block + "attn_k.weight", Embedding, shared);
            Matrix(block + "attn_v.weight", Embedding, shared);
            Matrix(block + "attn_output.weight", Embedding, Embedding);
            Norm(block + "ffn_norm.weight");
            Matrix(block + "ffn_gate.weight", Embedding, FeedForward);
            Matrix(block + "ffn_up.weight", Embedding, FeedForward);
            Matrix(block + "ffn_down.weight", FeedForward, Embedding);
        }

        void Matrix(string name, int columns, int rows)
        {
            var seed = Seed + ((ulong)writer.Tensors.Count << 32);
            var bytes = (long)columns / Type.BlockElements * Type.BlockBytes * rows;
            writer.Tensors.Add(new WrittenTensor(name, Type.Id, [columns, rows], bytes, output =>
                RandomWeights.Write(output, Type, columns, rows, seed)));
        }

        void Norm(string name) => writer.Tensors.Add(new WrittenTensor(
            name,
            GgufTensorType.F32.Id,
            [Embedding],
            Embedding * 4L,
            output => RandomWeights.WriteOnes(output, Embedding)));
    }
}
