using System.Security.Cryptography;
using BTTInferGrid.Testing.Models;

namespace BTTInferGrid.Inference.Tests.Models;

public sealed class SplitFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Read_ThreeParts_IsOneModelThatAnswers()
    {
        var paths = Write(3);
        var file = GgufFile.Read(paths[0]);

        Assert.Equal(paths, file.Parts);
        Assert.Equal(38, file.Tensors.Count);
        Assert.Equal([0, 1, 2], file.Tensors.Select(tensor => tensor.Part).Distinct());
        Assert.Equal(paths.Sum(path => new FileInfo(path).Length), file.Bytes);
        byte[] whole = [.. paths.SelectMany(File.ReadAllBytes)];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(whole)), await file.HashAsync());
        await using var engine = Engine.Load(
            TinyModel.Library,
            paths[0],
            new EngineOptions { CacheTokens = 512, Threads = 1 },
            Microsoft.Extensions.Logging.Abstractions.NullLogger<Engine>.Instance);
        var answer = await engine.AnswerAsync("What is the capital of Japan?");
        Assert.Contains("Tokyo", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingPart_NamesIt()
    {
        var paths = Write(2);
        File.Delete(paths[1]);

        Assert.Equal(paths[1], Assert.Throws<ModelFileException>(() => GgufFile.Read(paths[0])).Path);
    }

    [Fact]
    public void Read_NotTheFirstPart_SaysWhichToName()
    {
        var error = Assert.Throws<ModelFileException>(() => GgufFile.Read(Write(2)[1]));

        Assert.Contains("-00001-of-00002.gguf", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_PartsInTheWrongOrder_AreRefused()
    {
        var paths = Write(3);
        var kept = File.ReadAllBytes(paths[1]);
        File.Copy(paths[2], paths[1], overwrite: true);
        File.WriteAllBytes(paths[2], kept);

        Assert.Equal("split.no", Assert.Throws<ModelFileException>(() => GgufFile.Read(paths[0])).Field);
    }

    [Theory]
    [InlineData("split.tensors.count", 37)]
    [InlineData("split.no", (ushort)1)]
    [InlineData("split.no", 0U)]
    [InlineData("split.count", (ushort)2)]
    [InlineData("split.count", (ushort)9999)]
    public void Read_FirstPartSaysSomethingElse_IsRefused(string key, object value) =>
        Assert.Throws<ModelFileException>(() => GgufFile.Read(Write(3, writer => writer.Metadata[key] = value)[0]));

    [Fact]
    public void Read_TensorInTwoParts_IsRefused()
    {
        var paths = Write(2, change: null, secondPart: writer => writer.Tensors.Add(WrittenTensor.Of(
            "output_norm.weight", GgufTensorType.F32, [256], new byte[1024])));

        Assert.Equal("output_norm.weight", Assert.Throws<ModelFileException>(() => GgufFile.Read(paths[0])).Field);
    }

    public void Dispose() => _folder.Dispose();

    private string[] Write(int count, Action<GgufWriter>? change = null, Action<GgufWriter>? secondPart = null)
    {
        var whole = GgufWriter.Copy(GgufFile.Read(TinyModel.ModelPath));
        var paths = new string[count];
        for (var i = 0; i < count; i++)
        {
            var part = new GgufWriter();
            foreach (var (key, value) in whole.Metadata.Where(_ => i == 0))
            {
                part.Metadata[key] = value;
            }

            part.Metadata["split.no"] = (ushort)i;
            part.Metadata["split.count"] = (ushort)count;
            part.Metadata["split.tensors.count"] = whole.Tensors.Count;
            foreach (var tensor in whole.Tensors.Where((_, t) => t * count / whole.Tensors.Count == i))
            {
                part.Tensors.Add(tensor);
            }

            (i == 0 ? change : i == 1 ? secondPart : null)?.Invoke(part);
            paths[i] = Path.Combine(_folder.Path, $"tiny-{i + 1:D5}-of-{count:D5}.gguf");
            part.Write(paths[i]);
        }

        return paths;
    }
}
