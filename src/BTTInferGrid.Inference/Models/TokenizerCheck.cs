using System.Text;

namespace BTTInferGrid.Inference;

/// <summary>
/// Checks a model file's vocabulary: what llama.cpp takes for granted while it loads one, or while it splits a text
/// with it later, when an exception would end the process.
/// </summary>
internal static class TokenizerCheck
{
    private const string Prefix = "tokenizer.ggml.";
    private const string Model = Prefix + "model";
    private const string Tokens = Prefix + "tokens";
    private const string Types = Prefix + "token_type";
    private const string Scores = Prefix + "scores";
    private const string Merges = Prefix + "merges";
    private const int MostTokens = 1 << 20;
    private const int ByteType = 6;

    /// <summary>
    /// The kinds of tokenizer, and the least tokens each needs so that the special tokens it assumes by default exist.
    /// </summary>
    private static readonly Dictionary<string, int> LeastTokens = new(StringComparer.Ordinal)
    {
        ["gpt2"] = 12,
        ["gemma4"] = 12,
        ["llama"] = 3,
        ["bert"] = 104,
    };

    /// <exception cref="ModelFileException">The vocabulary is incomplete or contradicts itself.</exception>
    public static int Run(GgufMetadata metadata)
    {
        var model = metadata.Text(Model) ?? throw metadata.Missing(Model);
        if (!LeastTokens.TryGetValue(model, out var least))
        {
            throw metadata.Wrong(Model, $"is '{model}'; known are {string.Join(", ", LeastTokens.Keys)}");
        }

        var tokens = metadata.List(Tokens, type => type == GgufValueType.Text, "a list of texts")
            ?? throw metadata.Missing(Tokens);
        if (tokens.Count < least || tokens.Count > MostTokens)
        {
            throw metadata.Wrong(Tokens, $"has {tokens.Count} tokens; it must have from {least} to {MostTokens}");
        }

        var set = new TokenSet(tokens);
        if (set.Duplicate >= 0)
        {
            throw metadata.Wrong(Tokens, $"has the text of token {set.Duplicate} twice");
        }

        CheckLists(metadata, tokens.Count);
        CheckBytes(metadata, model, set);
        CheckSpecial(metadata, tokens.Count);
        return tokens.Count;
    }

    private static void CheckLists(GgufMetadata metadata, int count)
    {
        var scores = metadata.List(
            Scores, type => type is GgufValueType.F32 or GgufValueType.I32, "a list of 32-bit numbers");
        if (scores is not null)
        {
            RequireCount(metadata, Scores, scores, count);
            if (scores.IsFloat && scores.Numbers<float>().ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            {
                throw metadata.Wrong(Scores, "has a score that is no finite number");
            }
        }

        var merges = metadata.List(Merges, type => type == GgufValueType.Text, "a list of texts");
        for (int i = 0, at = 0; merges is not null && i < merges.Count; i++)
        {
            var merge = merges.Next(ref at);
            var space = merge.Length < 3 ? -1 : merge[1..^1].IndexOf((byte)' ');
            if (space < 0)
            {
                throw metadata.Wrong(Merges, $"has merge {i}, which is not two texts with a space between them");
            }
        }
    }

    private static void CheckBytes(GgufMetadata metadata, string model, TokenSet set)
    {
        var types = metadata.List(Types, type => type == GgufValueType.I32, "a list of 32-bit numbers with sign");
        if (types is not null)
        {
            RequireCount(metadata, Types, types, set.Count);
            var numbers = types.Numbers<int>();
            for (var id = 0; id < numbers.Length; id++)
            {
                if (numbers[id] is < 0 or > ByteType
                    || (numbers[id] == ByteType && (model == "bert" || !TokenSet.IsByte(set.Text(id)))))
                {
                    throw metadata.Wrong(Types, $"says {numbers[id]} of token {id}, which cannot be");
                }
            }
        }

        // A character that is no token is split into its bytes, and each of them is looked up without a check.
        Span<byte> name = stackalloc byte[6];
        for (var value = 0; model == "llama" && value < 256; value++)
        {
            Encoding.ASCII.GetBytes($"<0x{value:X2}>", name);
            if (!set.Contains(name))
            {
                throw metadata.Wrong(Tokens, $"lacks the byte token <0x{value:X2}>");
            }
        }
    }

    private static void CheckSpecial(GgufMetadata metadata, int count)
    {
        foreach (var (key, value) in metadata.Entries)
        {
            if (key.StartsWith(Prefix, StringComparison.Ordinal) && key.EndsWith("_token_id", StringComparison.Ordinal)
                && (value.Type != GgufValueType.U32 || value.Whole() >= count))
            {
                throw metadata.Wrong(key, $"is no number of a token; there are {count}");
            }
        }
    }

    private static void RequireCount(GgufMetadata metadata, string key, GgufValue list, int count)
    {
        if (list.Count != count)
        {
            throw metadata.Wrong(key, $"has {list.Count} elements for {count} tokens");
        }
    }
}
