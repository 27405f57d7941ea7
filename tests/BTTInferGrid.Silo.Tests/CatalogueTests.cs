using BTTInferGrid.Inference;
using BTTInferGrid.Silo.Catalogue;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Testing;

namespace BTTInferGrid.Silo.Tests;

/// <summary>The catalogue that ships, and what is said about a wrong one.</summary>
public sealed class CatalogueTests : IDisposable
{
    private const string Model = """
        "id": "m", "name": "M", "publisher": "P", "family": "llama", "chatTemplate": "chatml", "contextTokens": 512,
        "quantizations": [{ "type": "Q8_0", "bytes": 1 }], "license": "MIT"
        """;

    private readonly TemporaryHome _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_ShippedCatalogue_NamesTheLaunchModelsAndTheTinyOneAsItIs()
    {
        var models = CatalogueReader.Read(CatalogueReader.ShippedPath).Models;

        Assert.Equal(
            ["qwen3.6-27b", "qwen2.5-7b-instruct", "llama-3.1-8b-instruct", "deepseek-r1-distill-qwen-7b", "grid-tiny"],
            models.Select(static model => model.Id));
        var tiny = models[^1];
        var file = GgufFile.Read(Path.Combine(Path.GetDirectoryName(CatalogueReader.ShippedPath)!, tiny.File!));
        Assert.Equal(await file.HashAsync(), tiny.Sha256);
        Assert.Equal(file.Architecture, tiny.Family);
        Assert.Equal((file.Quantization, file.Bytes), (tiny.Quantizations[0].Type, tiny.Quantizations[0].Bytes));
        Assert.Equal(TinyModel.Probe, new ProbeQuestion(tiny.Probe!.Question, tiny.Probe.Answer));
    }

    [Theory]
    [InlineData("{\"models\": []}", "line 1, models: it has 0 models")]
    [InlineData("{\"models\": [\n{}]}", "line 2, at $.models[0]: it lacks 'id', 'name'")]
    [InlineData("{\"models\": [\n{" + Model + "}]}", "line 2, models[0]: it must have either 'source' or 'file'")]
    [InlineData("{\"models\": [{" + Model + ",\n\"source\": \"http://p.example\"}]}", "models[0].source: 'http://p.example' is not an https address")]
    [InlineData("{\"models\": [{" + Model + ",\n\"file\": \"../m.gguf\", \"sha256\": \"\"}]}", "models[0].file: '../m.gguf' is not the name")]
    [InlineData("{\"models\": [{" + Model + ",\n\"file\": \"m.gguf\", \"sha256\": \"12\"}]}", "models[0].sha256: it must be a SHA-256")]
    [InlineData("{\"models\": [{" + Model + ",\n\"file\": \"m.gguf\"}]}", "models[0].sha256: it goes with 'file'")]
    [InlineData("{\"models\": [{" + Model + ",\n\"size\": 1}]}", "there is no setting 'size'")]
    [InlineData("{\"models\": [{" + Model + ", \"source\": \"https://p\"},\n{" + Model + ", \"source\": \"https://p\"}]}", "models[1].id: 'm' is there twice")]
    public void Read_WrongCatalogue_SaysLineAndField(string json, string where)
    {
        var path = Path.Combine(_folder.Path, "catalogue.json");
        File.WriteAllText(path, json);

        var error = Assert.Throws<ConfigurationException>(() => CatalogueReader.Read(path));

        Assert.Contains(where, error.Message);
        Assert.StartsWith(path, error.Message);
    }
}
