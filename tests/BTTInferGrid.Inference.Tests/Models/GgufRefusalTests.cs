using BTTInferGrid.Testing.Models;

namespace BTTInferGrid.Inference.Tests.Models;

/// <summary>Each rule of the reader, broken alone in a model that is otherwise sound.</summary>
public sealed class GgufRefusalTests : IDisposable
{
    private static readonly GgufFile Tiny = GgufFile.Read(TinyModel.ModelPath);

    private static readonly string[] Tokens = [.. Texts("tokenizer.ggml.tokens")];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, object?> Metadata => new()
    {
        { "general.architecture", null },
        { "general.architecture", "" },
        { "general.architecture", 7U },
        { "general.alignment", 33U },
        { "general.alignment", 8U },
        { "general.alignment", 1U << 30 },
        { "general.alignment", 64UL },
        { "llama.block_count", null },
        { "llama.block_count", 0U },
        { "llama.block_count", 513U },
        { "llama.block_count", "four" },
        { "llama.context_length", null },
        { "llama.context_length", 0U },
        { "llama.context_length", uint.MaxValue },
        { "llama.embedding_length", 0U },
        { "llama.embedding_length", ulong.MaxValue },
        { "llama.nextn_predict_layers", 4U },
        { "llama.pooling_type", 5U },
        { "llama.rope.scaling.type", "spiral" },
        { "llama.rope.freq_base", 0f },
        { "llama.rope.freq_base", float.NaN },
        { "llama.rope.scaling.factor", -1f },
        { "llama.attention.layer_norm_rms_epsilon", -1e-5f },
        { "llama.attention.layer_norm_rms_epsilon", float.PositiveInfinity },
        { "llama.attention.head_count", 1U << 20 },
        { "llama.attention.head_count", new[] { 8U, 8U } },
        { "llama.attention.head_count_kv", 3U },
        { "llama.attention.head_count_kv", new[] { 4U, 4U, 4U, 2U } },
        { "llama.attention.head_count_kv", 16U },
        { "llama.expert_count", 2U },
        { "llama.expert_count", 2000U },
        { "llama.expert_used_count", 1U },
        { "llama.expert_group_count", 1U },
        { "tokenizer.ggml.model", null },
        { "tokenizer.ggml.model", "rwkv" },
        { "tokenizer.ggml.tokens", null },
        { "tokenizer.ggml.tokens", Array.Empty<string>() },
        { "tokenizer.ggml.tokens", "one" },
        { "tokenizer.ggml.tokens", With(5, Tokens[6]) },
        { "tokenizer.ggml.tokens", With(5, "", 6, "[EMPTY_5]") },
        { "tokenizer.ggml.token_type", new int[1023] },
        { "tokenizer.ggml.token_type", Enumerable.Repeat(6, 1024).ToArray() },
        { "tokenizer.ggml.token_type", Enumerable.Repeat(-1, 1024).ToArray() },
        { "tokenizer.ggml.scores", new float[3] },
        { "tokenizer.ggml.scores", Enumerable.Repeat(float.NaN, 1024).ToArray() },
        { "tokenizer.ggml.merges", new[] { "ab" } },
        { "tokenizer.ggml.merges", new[] { "a b", "" } },
        { "tokenizer.ggml.eos_token_id", 1024U },
        { "tokenizer.ggml.bos_token_id", -1 },
        { "tokenizer.ggml.eot_token_id", "end" },
        { "tokenizer.chat_template", "a\0b" },
        { "split.count", 2U },
        { "split.count", (ushort)2 },
    };

    [Theory]
    [MemberData(nameof(Metadata))]
    public void Read_WrongMetadata_NamesTheFieldAndWhereItIs(string key, object? value)
    {
        var error = Refused(writer =>
        {
            if (value is null)
            {
                writer.Metadata.Remove(key);
            }
            else
            {
                writer.Metadata[key] = value;
            }
        });

        if (value is null)
        {
            Assert.Contains($"'{key}'", error.Message, StringComparison.Ordinal);
        }
        else if (error.Field is not null)
        {
            Assert.InRange(error.Offset, 24, 100_000);
        }
        else
        {
            Assert.StartsWith("split", key, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("llama.attention.key_length", 33U)]
    [InlineData("llama.attention.value_length", 64U)]
    [InlineData("llama.rope.dimension_count", 16U)]
    [InlineData("llama.rope.dimension_count", 31U)]
    [InlineData("llama.rope.dimension_count", 64U)]
    public void Read_HeadsThatNoKernelTakes_AreRefused(string key, uint value) =>
        Assert.Equal("llama.attention.head_count", Refused(writer => writer.Metadata[key] = value).Field);

    [Fact]
    public void Read_SentencePieceVocabularyWithoutAByte_IsRefused()
    {
        string[] bytes = [.. Enumerable.Range(0, 256).Select(b => $"<0x{b:X2}>")];
        var error = Refused(writer =>
        {
            writer.Metadata["tokenizer.ggml.model"] = "llama";
            writer.Metadata["tokenizer.ggml.tokens"] = (string[])[.. bytes[..255], .. Tokens[255..]];
        });

        Assert.Contains("<0xFF>", error.Reason, StringComparison.Ordinal);
    }

    public static TheoryData<string, Func<WrittenTensor, WrittenTensor>> Tensors => new()
    {
        { "name", tensor => tensor with { Name = "" } },
        { "name", tensor => tensor with { Name = new string('a', 64) } },
        { "name", tensor => tensor with { Name = "with space" } },
        { "", tensor => tensor with { Name = "output_norm.weight" } },
        { "type", tensor => tensor with { TypeId = 4 } },
        { "type", tensor => tensor with { TypeId = 9 } },
        { "type", tensor => tensor with { TypeId = 26 } },
        { "type", tensor => tensor with { TypeId = uint.MaxValue } },
        { "dimensions", tensor => tensor with { Dimensions = [] } },
        { "dimensions", tensor => tensor with { Dimensions = [32, 1, 1, 1, 1] } },
        { "dimension", tensor => tensor with { Dimensions = [0, 4] } },
        { "dimension", tensor => tensor with { Dimensions = [-1, 4] } },
        { "dimension", tensor => tensor with { Dimensions = [1L << 40, 1L << 40, 1L << 40] } },
        { "dimension", tensor => tensor with { Dimensions = [33, 4] } },
        { "offset", tensor => tensor with { Offset = 0 } },
        { "offset", tensor => tensor with { Offset = 1025 } },
        { "offset", tensor => tensor with { Offset = long.MaxValue } },
    };

    [Theory]
    [MemberData(nameof(Tensors))]
    public void Read_WrongTensor_NamesThePart(string part, Func<WrittenTensor, WrittenTensor> change)
    {
        var error = Refused(writer => writer.Tensors[1] = change(writer.Tensors[1]));

        Assert.EndsWith(part, error.Field, StringComparison.Ordinal);
        Assert.InRange(error.Offset, 24, 100_000);
    }

    [Fact]
    public void Read_NormThatIsNotF32_IsRefused() => Assert.Equal(
        "output_norm.weight",
        Refused(writer => writer.Tensors[0] = WrittenTensor.Of(
            "output_norm.weight", GgufTensorType.F16, [512], new byte[1024])).Field);

    [Fact]
    public void Read_KeyTwice_IsRefused()
    {
        var bytes = File.ReadAllBytes(TinyModel.ModelPath);
        var at = bytes.AsSpan().IndexOf("llama.block_count"u8);
        var other = bytes.AsSpan().IndexOf("llama.vocab_size"u8);

        // "llama.vocab_size" is one letter shorter: both keys become "llama.vocab_size" by length and text.
        bytes[at - 8] = 16;
        "llama.vocab_size"u8.CopyTo(bytes.AsSpan(at));
        bytes.AsSpan(at + 17, other - at).CopyTo(bytes.AsSpan(at + 16));

        Assert.Throws<ModelFileException>(() => GgufFile.Read(new MemoryStream(bytes), "twice.gguf"));
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> Texts(string key) =>
        Tiny.Metadata.TryGet(key, out var value) ? value.Texts() : throw new InvalidOperationException(key);

    private static string[] With(params object[] changes)
    {
        var tokens = (string[])Tokens.Clone();
        foreach (var change in changes.Chunk(2))
        {
            tokens[(int)change[0]] = (string)change[1];
        }

        return tokens;
    }

    private ModelFileException Refused(Action<GgufWriter> change)
    {
        var writer = GgufWriter.Copy(Tiny);
        change(writer);
        var path = Path.Combine(_folder.Path, "refused.gguf");
        writer.Write(path);
        return Assert.Throws<ModelFileException>(() => GgufFile.Read(path));
    }
}
