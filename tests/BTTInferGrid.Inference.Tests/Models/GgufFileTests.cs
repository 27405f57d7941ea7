using System.Security.Cryptography;
using BTTInferGrid.Testing.Models;

namespace BTTInferGrid.Inference.Tests.Models;

public sealed class GgufFileTests : IDisposable
{
    private static readonly GgufFile Tiny = GgufFile.Read(TinyModel.ModelPath);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Read_TinyModel_GivesWhatItsCardSays()
    {
        Assert.Equal("llama", Tiny.Architecture);
        Assert.Equal("grid-tiny-chat-4l", Tiny.Name);
        Assert.Equal("Q8_0", Tiny.Quantization);
        Assert.Equal(2048, Tiny.ContextLength);
        Assert.Equal(1024, Tiny.VocabularySize);
        Assert.Equal(3_660_960, Tiny.Bytes);
        Assert.Equal(3_410_176, Tiny.Parameters);
        Assert.Contains("<|im_start|>", Tiny.ChatTemplate, StringComparison.Ordinal);
        Assert.Equal(38, Tiny.Tensors.Count);
    }

    [Fact]
    public void Read_TinyModel_PlacesTensorsWhereTheyAre()
    {
        var norm = Tiny.Tensors.Single(tensor => tensor.Name == "output_norm.weight");
        var last = Tiny.Tensors[^1];

        Assert.Equal((GgufTensorType.F32, 1024L, 256L), (norm.Type, norm.Bytes, norm.Elements));
        Assert.Equal(Tiny.Bytes, last.Offset + last.Bytes);
    }

    [Fact]
    public void Metadata_TypedAccess_ReturnsTheValueOrAnErrorThatNamesTheKey()
    {
        Assert.Equal(4, Tiny.Metadata.Whole("llama.block_count"));
        Assert.Equal(false, Tiny.Metadata.Bool("tokenizer.ggml.add_bos_token"));
        Assert.Null(Tiny.Metadata.Text("absent"));
        Assert.True(Tiny.Metadata.TryGet("tokenizer.ggml.merges", out var merges));
        Assert.Equal("h e", merges.Texts().ElementAt(1));

        var error = Assert.Throws<ModelFileException>(() => Tiny.Metadata.Text("llama.block_count"));
        Assert.Equal("llama.block_count", error.Field);
    }

    [Fact]
    public void Write_CopyOfTheTinyModel_IsTheSameFile()
    {
        var path = Path.Combine(_folder.Path, "copy.gguf");
        GgufWriter.Copy(Tiny).Write(path);

        Assert.Equal(File.ReadAllBytes(TinyModel.ModelPath), File.ReadAllBytes(path));
    }

    [Fact]
    public void Read_VocabularyOnly_NeedsNoTensorsAndLoads()
    {
        var writer = GgufWriter.Copy(Tiny);
        writer.Tensors.Clear();
        var path = Path.Combine(_folder.Path, "vocabulary.gguf");
        writer.Write(path);

        Assert.Equal("Q8_0", GgufFile.Read(path).Quantization);
        using var vocabulary = Vocabulary.Load(TinyModel.Library, path);
        Assert.Equal(1024, vocabulary.Size);
    }

    [Fact]
    public void Read_LargeVocabulary_DecodesNoTextAndReadsTheHeadOnce()
    {
        var writer = GgufWriter.Copy(Tiny);
        writer.Tensors.Clear();
        writer.Metadata["tokenizer.ggml.tokens"] = Enumerable.Range(0, 150_000).Select(id => $"token-{id}").ToArray();
        writer.Metadata["tokenizer.ggml.token_type"] = Enumerable.Repeat(1, 150_000).ToArray();
        var path = Path.Combine(_folder.Path, "large.gguf");
        writer.Write(path);
        var length = new FileInfo(path).Length;
        GgufFile.Read(path);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var file = GgufFile.Read(path);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // The head, once more while its buffer grows, and the index that finds duplicates.
        Assert.InRange(allocated, length, 5 * length);
        Assert.Equal(150_000, file.VocabularySize);
    }

    [Fact]
    public async Task HashAsync_TinyModel_IsItsSha256AndReportsEveryByte()
    {
        var seen = new List<long>();
        var hash = await Tiny.HashAsync(new Listed(seen));

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(TinyModel.ModelPath))), hash);
        Assert.Equal(Tiny.Bytes, seen[^1]);
        Assert.Equal(seen.Order(), seen);
        Assert.True(seen.Count > 2);
    }

    [Fact]
    public async Task HashAsync_Cancelled_Ends()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Tiny.HashAsync(null, cancelled.Token));
    }

    [Fact]
    public async Task HashAsync_FileBecameLonger_IsATypedError()
    {
        var path = _folder.Write("longer.gguf", File.ReadAllBytes(TinyModel.ModelPath));
        var file = GgufFile.Read(path);
        await File.AppendAllTextAsync(path, "more");

        await Assert.ThrowsAsync<ModelFileException>(() => file.HashAsync());
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Listed(List<long> values) : IProgress<long>
    {
        public void Report(long value) => values.Add(value);
    }
}
