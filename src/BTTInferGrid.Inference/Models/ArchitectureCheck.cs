using System.Collections.Frozen;

namespace BTTInferGrid.Inference;

/// <summary>
/// Checks what a model file says of its architecture against what llama.cpp asserts while it loads, builds and computes
/// one. What it refuses with an error of its own, such as a tensor that is missing, is left to it.
/// </summary>
internal sealed class ArchitectureCheck
{
    private const int MostLayers = 512;
    private const int MostExperts = 1024;
    private const int MostHeads = 1 << 14;
    private const int MostWidth = 1 << 20;
    private const int MostFeedForward = 1 << 24;
    private const int MostContext = 1 << 28;

    /// <summary>
    /// Architectures whose keys, values and rotation must be equally wide, and all layers alike.
    /// </summary>
    private static readonly FrozenSet<string> Uniform = FrozenSet.ToFrozenSet(
    [
        "apertus", "arcee", "arctic", "baichuan", "chameleon", "codeshell", "cogvlm", "dbrx", "deepseek", "dots1",
        "dream", "ernie4_5", "ernie4_5-moe", "exaone", "falcon", "granite", "granite_swa", "granitemoe", "grok",
        "grovemoe", "hunyuan-moe", "hy_v3", "internlm2", "llada", "llada-moe", "llama", "llama-embed", "llama4",
        "maincoder", "minicpm", "mistral3", "nemotron", "olmo", "olmo2", "olmoe", "orion", "paddleocr",
        "pangu-embedded", "plamo", "qwen2", "qwen2moe", "qwen2vl", "qwen3", "qwen3moe", "qwen3vl", "qwen3vlmoe",
        "rnd1", "seed_oss", "smallthinker", "smollm3", "starcoder2", "xverse",
    ]);

    private readonly GgufMetadata _metadata;
    private readonly string _architecture;
    private readonly int _layers;

    private ArchitectureCheck(GgufMetadata metadata, string architecture)
    {
        _metadata = metadata;
        _architecture = architecture;
        _layers = (int)Required("block_count", 1, MostLayers);
    }

    /// <exception cref="ModelFileException">A number is missing or out of bounds.</exception>
    public static void Run(GgufMetadata metadata, string architecture, IEnumerable<GgufTensor> tensors, string path)
    {
        var check = new ArchitectureCheck(metadata, architecture);
        check.CheckSizes();
        check.CheckHeads();
        check.CheckExperts();
        check.CheckNumbers();
        CheckTensors(tensors, path);
    }

    private void CheckSizes()
    {
        Required("context_length", 1, MostContext);
        Required("embedding_length", 1, MostWidth);
        PerLayer("feed_forward_length", 0, MostFeedForward);
        Optional("nextn_predict_layers", 0, _layers - 1);
        Optional("pooling_type", 0, 4);
        var scaling = _metadata.Text(Key("rope.scaling.type"));
        if (scaling is not (null or "none" or "linear" or "yarn" or "longrope"))
        {
            throw _metadata.Wrong(Key("rope.scaling.type"), $"is '{scaling}', which is not known");
        }
    }

    private void CheckHeads()
    {
        var heads = PerLayer("attention.head_count", 0, MostHeads);
        var shared = PerLayer("attention.head_count_kv", 0, MostHeads);
        for (var layer = 0; layer < _layers && heads is not null && shared is not null; layer++)
        {
            if (shared(layer) > heads(layer) || (shared(layer) > 0 && heads(layer) % shared(layer) != 0))
            {
                throw _metadata.Wrong(
                    Key("attention.head_count_kv"), $"is {shared(layer)}, no divisor of {heads(layer)} heads");
            }
        }

        if (heads is null || heads(0) == 0)
        {
            return;
        }

        var width = Required("embedding_length", 1, MostWidth) / heads(0);
        var key = Optional("attention.key_length", 1, MostWidth) ?? width;
        var value = Optional("attention.value_length", 1, MostWidth) ?? width;
        var rotated = Optional("rope.dimension_count", 0, MostWidth) ?? key;
        Optional("rope.dimension_count_swa", 0, Optional("attention.key_length_swa", 1, MostWidth) ?? key);
        if (key == 0 || rotated % 2 != 0 || rotated > key
            || (Uniform.Contains(_architecture) && (rotated != key || value != key)))
        {
            throw _metadata.Wrong(
                Key("attention.head_count"), $"gives heads of {key}, {value} and {rotated} (key, value, rotation)");
        }
    }

    private void CheckExperts()
    {
        var experts = Optional("expert_count", 0, MostExperts) ?? 0;
        var used = PerLayer("expert_used_count", 0, experts);
        if (experts > 0 && (used is null || Enumerable.Range(0, _layers).All(layer => used(layer) == 0)))
        {
            throw _metadata.Wrong(Key("expert_count"), $"is {experts}, but none of them is used");
        }

        var groups = Optional("expert_group_count", 0, Math.Max(0, experts - 1)) ?? 0;
        var usedGroups = Optional("expert_group_used_count", 0, MostExperts) ?? 0;
        if (groups > 1 && (experts % groups != 0 || usedGroups < 1 || usedGroups >= groups))
        {
            throw _metadata.Wrong(
                Key("expert_group_count"), $"is {groups} for {experts} experts, of which {usedGroups} groups are used");
        }
    }

    private void CheckNumbers()
    {
        foreach (var (key, value) in _metadata.Entries)
        {
            if (!value.IsFloat || !key.StartsWith(_architecture + ".", StringComparison.Ordinal))
            {
                continue;
            }

            // Kernels assert that an epsilon is not negative; frequencies and factors are divided by.
            var least = key.Split('_', '.')[^1] switch
            {
                "epsilon" or "factor" => 0,
                "base" => double.Epsilon,
                _ => double.MinValue,
            };
            for (var i = 0; i < value.Count; i++)
            {
                if (!double.IsFinite(value.Number(i)) || value.Number(i) < least)
                {
                    throw _metadata.Wrong(key, $"is {value.Number(i)}");
                }
            }
        }
    }

    private static void CheckTensors(IEnumerable<GgufTensor> tensors, string path)
    {
        foreach (var tensor in tensors)
        {
            // These are added or multiplied, which kernels do in 32-bit floating point only.
            var plain = tensor.Dimensions.Count == 1 || tensor.Name.EndsWith(".bias", StringComparison.Ordinal)
                || tensor.Name.EndsWith("_norm.weight", StringComparison.Ordinal);
            if (plain && tensor.Type != GgufTensorType.F32)
            {
                throw new ModelFileException(path, tensor.Name, tensor.Offset, $"is {tensor.Type}; it must be F32");
            }
        }
    }

    private long Required(string name, long least, long most) =>
        Optional(name, least, most) ?? throw _metadata.Missing(Key(name));

    private long? Optional(string name, long least, long most) => _metadata.Whole(Key(name), least, most);

    /// <summary>One number for all layers, or a list with one for each.</summary>
    private Func<int, long>? PerLayer(string name, long least, long most)
    {
        if (!_metadata.TryGet(Key(name), out var value))
        {
            return null;
        }

        if (!value.IsInteger || (value.IsArray && value.Count != _layers))
        {
            throw _metadata.Wrong(Key(name), $"is neither a whole number nor a list of {_layers}");
        }

        if (value.Count > 1 && Uniform.Contains(_architecture)
            && Enumerable.Range(1, value.Count - 1).Any(i => value.Whole(i) != value.Whole(0)))
        {
            throw _metadata.Wrong(Key(name), $"differs between layers, which {_architecture} has no room for");
        }

        for (var i = 0; i < value.Count; i++)
        {
            if (value.Whole(i) < least || value.Whole(i) > most)
            {
                throw _metadata.Wrong(Key(name), $"is {value.Whole(i)}; it must be from {least} to {most}");
            }
        }

        return layer => value.Whole(value.IsArray ? layer : 0);
    }

    private string Key(string name) => $"{_architecture}.{name}";
}
