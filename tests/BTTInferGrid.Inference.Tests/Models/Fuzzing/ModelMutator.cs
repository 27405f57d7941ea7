using BTTInferGrid.Testing.Models;

namespace BTTInferGrid.Inference.Tests.Models.Fuzzing;

/// <summary>Changes what a model file says while it stays well formed, so that only its meaning can be wrong.</summary>
internal sealed class ModelMutator(Random random)
{
    private static readonly string[] Architectures =
    [
        "qwen2", "qwen3", "qwen3moe", "gemma", "gemma2", "gemma3", "phi2", "phi3", "gpt2", "mistral3", "granite",
        "olmo2", "stablelm", "starcoder2", "bert", "nomic-bert", "smollm3", "mamba", "t5", "llama4", "deepseek2",
        "command-r", "falcon", "gptneox", "gpt-oss", "internlm2", "minicpm", "exaone", "chatglm", "glm4",
    ];

    private static readonly string[] Texts =
    [
        "", " ", "x", "none", "linear", "yarn", "longrope", "llama", "gpt2", "bert", "gemma4", "t5", "qwen2",
        "llama-bpe", "default", "gpt-2", "deepseek-llm", "gemma4", "phi-3",
        "\u00e9\u2581\ud83d\ude42", "<0x0A>", "[EMPTY_3]", "\n",
        "<|im_end|>", "{% if", "unused", "<|channel|>", "<|end|>", "<|return|>", "<|call|>",
    ];

    private static readonly long[] Numbers =
    [
        -1, 0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 32, 33, 48, 64, 96, 127, 128, 255, 256, 511, 512, 513, 1023, 1024,
        1025, 4096, 65535, 1 << 20, int.MaxValue, 1L << 31, uint.MaxValue,
    ];

    private static readonly double[] Fractions =
    [
        0, -0.0, 1, -1, 1e-5, -1e-5, 0.5, 2, 1e-45, 1e38, -1e38, double.NaN, double.PositiveInfinity, 10_000, 1e9,
    ];

    private static readonly (string Key, object Value)[] Additions =
    [
        ("llama.attention.key_length", 16U), ("llama.attention.value_length", 16U), ("llama.expert_count", 4U),
        ("llama.expert_used_count", 2U), ("llama.expert_group_count", 2U), ("llama.expert_group_used_count", 1U),
        ("llama.attention.sliding_window", 32U), ("llama.attention.causal", false), ("llama.pooling_type", 1U),
        ("llama.rope.scaling.type", "yarn"), ("llama.rope.scaling.factor", 4f),
        ("llama.rope.scaling.original_context_length", 64U), ("llama.rope.scaling.attn_factor", 1f),
        ("llama.rope.scaling.yarn_ext_factor", 1f), ("llama.rope.scaling.yarn_beta_fast", 32f),
        ("llama.attention.layer_norm_epsilon", 1e-5f), ("llama.attention.scale", 1f), ("llama.logit_scale", 1f),
        ("llama.residual_scale", 1f), ("llama.embedding_scale", 1f), ("llama.attn_logit_softcapping", 50f),
        ("llama.final_logit_softcapping", 30f), ("llama.attention.max_alibi_bias", 8f),
        ("llama.attention.clamp_kqv", 8f),
        ("llama.attention.head_count_kv", new[] { 2U, 2U }), ("llama.feed_forward_length", new[] { 64U, 64U }),
        ("llama.rope.dimension_sections", new[] { 1, 1, 1, 1 }), ("llama.nextn_predict_layers", 1U),
        ("llama.embedding_length_out", 32U), ("llama.use_parallel_residual", true), ("llama.vocab_size", 1024U),
        ("llama.classifier.output_labels", new[] { "a", "b" }), ("llama.interleave_moe_layer_step", 1U),
        ("llama.attention.shared_kv_layers", 1U), ("llama.attention.sliding_window_pattern", 2U),
        ("tokenizer.ggml.add_bos_token", true), ("tokenizer.ggml.add_eos_token", true),
        ("tokenizer.ggml.add_sep_token", true), ("tokenizer.ggml.add_space_prefix", true),
        ("tokenizer.ggml.remove_extra_whitespaces", true), ("tokenizer.ggml.token_type_count", 2U),
        ("tokenizer.ggml.scores", new float[1024]), ("tokenizer.ggml.suppress_tokens", new[] { 0, -5, 5000 }),
        ("tokenizer.ggml.unknown_token_id", 3U), ("tokenizer.ggml.seperator_token_id", 3U),
        ("tokenizer.ggml.mask_token_id", 3U), ("tokenizer.ggml.precompiled_charsmap", new byte[8]),
        ("tokenizer.ggml.normalizer.lowercase", true), ("general.alignment", 64U), ("general.file_type", 15U),
    ];

    /// <summary>Makes one to three changes, and says which.</summary>
    public string Mutate(GgufWriter writer)
    {
        var said = new List<string>();
        for (var left = random.Next(1, 4); left > 0; left--)
        {
            said.Add(random.Next(10) switch
            {
                0 => Architecture(writer),
                1 or 2 => Add(writer),
                3 or 4 => Tensor(writer),
                _ => Change(writer),
            });
        }

        return string.Join("; ", said);
    }

    private T Any<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    private string Architecture(GgufWriter writer)
    {
        var name = Any(Architectures);
        foreach (var (key, value) in writer.Metadata.ToArray())
        {
            if (key.StartsWith("llama.", StringComparison.Ordinal))
            {
                writer.Metadata[name + key[5..]] = value;
            }
        }

        writer.Metadata["general.architecture"] = name;
        return $"architecture {name}";
    }

    private string Add(GgufWriter writer)
    {
        var (key, value) = Any(Additions);
        value = random.Next(3) == 0 ? Changed(value) : value;
        writer.Metadata[key] = value;
        return $"{key} = {Shown(value)}";
    }

    private string Change(GgufWriter writer)
    {
        var key = Any([.. writer.Metadata.Keys]);
        if (random.Next(20) == 0)
        {
            writer.Metadata.Remove(key);
            return $"no {key}";
        }

        var value = Changed(writer.Metadata[key]);
        writer.Metadata[key] = value;
        return $"{key} = {Shown(value)}";
    }

    private object Changed(object value) => value switch
    {
        Array list => Changed(list),
        bool flag => !flag,
        string => Any(Texts),
        float => (float)Any(Fractions),
        double => Any(Fractions),
        uint number when random.Next(4) == 0 => number + (uint)random.Next(-2, 3),
        uint => (uint)Any(Numbers),
        int => (int)Any(Numbers),
        ushort => (ushort)Any(Numbers),
        byte => (byte)Any(Numbers),
        _ => value,
    };

    private Array Changed(Array list)
    {
        var copy = (Array)list.Clone();
        if (copy.Length == 0)
        {
            return copy;
        }

        var at = random.Next(copy.Length);
        switch (random.Next(5))
        {
            case 0:
                copy.SetValue(copy.GetValue(random.Next(copy.Length)), at);
                return copy;
            case 1:
                var shorter = Array.CreateInstance(copy.GetType().GetElementType()!, at);
                Array.Copy(copy, shorter, at);
                return shorter;
            default:
                copy.SetValue(Changed(copy.GetValue(at)!), at);
                return copy;
        }
    }

    private string Tensor(GgufWriter writer)
    {
        var at = random.Next(writer.Tensors.Count);
        var tensor = writer.Tensors[at];
        switch (random.Next(5))
        {
            case 0:
                writer.Tensors.RemoveAt(at);
                return $"no {tensor.Name}";
            case 1:
                writer.Tensors[at] = tensor with { Name = tensor.Name + "x" };
                return $"{tensor.Name}x";
            case 2:
                writer.Tensors[at] = tensor with { Dimensions = [.. tensor.Dimensions.Reverse()] };
                return $"{tensor.Name} transposed";
            default:
                var type = Any([.. GgufTensorType.All.Values]);
                var elements = tensor.Dimensions.Aggregate(1L, (a, b) => a * b);
                var data = new byte[(elements + type.BlockElements - 1) / type.BlockElements * type.BlockBytes];
                random.NextBytes(data);
                writer.Tensors[at] = WrittenTensor.Of(tensor.Name, type, tensor.Dimensions, data);
                return $"{tensor.Name} as {type}";
        }
    }

    private static string Shown(object value) => value is Array list ? $"{list.Length} elements" : $"'{value}'";
}
