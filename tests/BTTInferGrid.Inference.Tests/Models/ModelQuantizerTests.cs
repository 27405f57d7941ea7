using BTTInferGrid.Testing.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Inference.Tests.Models;

public sealed class ModelQuantizerTests : IDisposable
{
    private static readonly QuantizeOptions Again = new() { AllowRequantize = true, Threads = 1 };

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("Q4_0")]
    [InlineData("Q4_K_M")]
    [InlineData("Q6_K")]
    [InlineData("Q8_0")]
    public async Task Quantize_FromF16_IsASmallerModelWithAnotherProfileThatAnswers(string type)
    {
        var float16 = ModelQuantizer.Quantize(
            TinyModel.Library, TinyModel.ModelPath, In("f16.gguf"), ModelQuantization.F16, Again);
        var shares = new List<double>();
        var quantized = ModelQuantizer.Quantize(
            TinyModel.Library,
            float16.Path,
            In("quantized.gguf"),
            ModelQuantizer.TypeNamed(type),
            new QuantizeOptions { Threads = 1 },
            new Listed(shares));

        Assert.Equal(("F16", type), (float16.Quantization, quantized.Quantization));
        Assert.True(quantized.Bytes < float16.Bytes);
        Assert.Equal(float16.Parameters, quantized.Parameters);
        Assert.Equal((float16.Tensors.Count, 1.0), (shares.Count, shares[^1]));
        Assert.NotEqual(
            (await ModelProfile.ReadAsync(float16.Path)).Id, (await ModelProfile.ReadAsync(quantized.Path)).Id);
        Assert.Contains("Tokyo", await AnswerAsync(quantized.Path), StringComparison.Ordinal);
        Assert.Equal(["f16.gguf", "quantized.gguf"], Files());
    }

    [Fact]
    public void Quantize_QuantizedSource_NeedsPermission()
    {
        var error = Assert.Throws<ModelQuantizeException>(() => ModelQuantizer.Quantize(
            TinyModel.Library, TinyModel.ModelPath, In("q4.gguf"), ModelQuantization.Q40));

        Assert.Contains("Q8_0", error.Reason, StringComparison.Ordinal);
        Assert.Contains(nameof(QuantizeOptions.AllowRequantize), error.Reason, StringComparison.Ordinal);
        Assert.Empty(Files());
    }

    [Fact]
    public void Quantize_TargetExists_IsLeftUnlessOverwritten()
    {
        var target = _folder.Write("there.gguf", "mine"u8);

        Assert.Throws<ModelQuantizeException>(() => ModelQuantizer.Quantize(
            TinyModel.Library, TinyModel.ModelPath, target, ModelQuantization.Q40, Again));
        Assert.Equal("mine", File.ReadAllText(target));

        ModelQuantizer.Quantize(
            TinyModel.Library, TinyModel.ModelPath, target, ModelQuantization.Q40, Again with { Overwrite = true });
        Assert.Equal("Q4_0", GgufFile.Read(target).Quantization);
    }

    [Fact]
    public void Quantize_UnknownTypeOrThreads_IsATypedError()
    {
        Assert.Contains("Q4_K_M", Assert.Throws<InvalidParameterException>(
            () => ModelQuantizer.TypeNamed("Q3")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidParameterException>(() => ModelQuantizer.Quantize(
            TinyModel.Library, TinyModel.ModelPath, In("x.gguf"), (ModelQuantization)3, Again));
        Assert.Throws<InvalidParameterException>(() => ModelQuantizer.Quantize(
            TinyModel.Library, TinyModel.ModelPath, In("x.gguf"), ModelQuantization.Q40, Again with { Threads = 513 }));
    }

    [Fact]
    public void Quantize_SourceOrFolderThatCannotBe_IsATypedError()
    {
        Assert.Throws<ModelFileException>(() => ModelQuantizer.Quantize(
            TinyModel.Library, In("absent.gguf"), In("x.gguf"), ModelQuantization.Q40));
        Assert.Throws<ModelQuantizeException>(() => ModelQuantizer.Quantize(
            TinyModel.Library, TinyModel.ModelPath, In("absent/x.gguf"), ModelQuantization.Q40, Again));
        Assert.Throws<ModelQuantizeException>(() => ModelQuantizer.Quantize(
            TinyModel.Library,
            TinyModel.ModelPath,
            TinyModel.ModelPath,
            ModelQuantization.Q40,
            Again with { Overwrite = true }));
    }

    [Fact]
    public void Quantize_LlamaRefuses_GivesItsReasonAndLeavesNoFile()
    {
        var writer = GgufWriter.Copy(GgufFile.Read(TinyModel.ModelPath));
        writer.Metadata["general.architecture"] = "unheard-of";
        writer.Metadata["unheard-of.block_count"] = 4U;
        writer.Metadata["unheard-of.context_length"] = 64U;
        writer.Metadata["unheard-of.embedding_length"] = 64U;
        writer.Write(In("source.gguf"));

        var error = Assert.Throws<ModelQuantizeException>(() => ModelQuantizer.Quantize(
            TinyModel.Library, In("source.gguf"), In("x.gguf"), ModelQuantization.Q40, Again));

        Assert.Contains("architecture", error.Reason, StringComparison.Ordinal);
        Assert.Equal(["source.gguf"], Files());
    }

    [Fact]
    public void Quantize_CancelledMeanwhile_LeavesNoFile()
    {
        using var cancel = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => ModelQuantizer.Quantize(
            TinyModel.Library,
            TinyModel.ModelPath,
            In("x.gguf"),
            ModelQuantization.Q40,
            Again,
            new Cancelling(cancel),
            cancel.Token));

        Assert.Empty(Files());
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string> AnswerAsync(string path)
    {
        await using var engine = Engine.Load(
            TinyModel.Library,
            path,
            new EngineOptions { CacheTokens = 512, Threads = 1 },
            NullLogger<Engine>.Instance);
        return (await engine.AnswerAsync("What is the capital of Japan?")).Text;
    }

    private string In(string name) => Path.Combine(_folder.Path, name);

    private IEnumerable<string?> Files() => Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order();

    private sealed class Listed(List<double> values) : IProgress<double>
    {
        public void Report(double value) => values.Add(value);
    }

    private sealed class Cancelling(CancellationTokenSource cancel) : IProgress<double>
    {
        public void Report(double value) => cancel.Cancel();
    }
}
