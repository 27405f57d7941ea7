using BTTInferGrid.Inference;
using BTTInferGrid.Silo.Catalogue;
using BTTInferGrid.Silo.Commands;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Testing;

namespace BTTInferGrid.Silo.Tests;

/// <summary>Models that are added to a home folder.</summary>
public sealed class ModelStoreTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly ModelStore _store;
    private readonly ModelAdder _adder;

    public ModelStoreTests()
    {
        _store = new ModelStore(_home.Path);
        _adder = new ModelAdder(_store, CatalogueReader.Read(CatalogueReader.ShippedPath));
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Add_File_IsCopiedCheckedAndPinned()
    {
        var progress = new Shares();

        var added = await _adder.AddAsync(new ModelWish("mine", TinyModel.File, "my/model:1", Link: false, null), progress, default);

        var found = new ModelStore(_home.Path).Find("my/model:1");
        Assert.Equal(added, found);
        Assert.Equal(await GgufFile.Read(TinyModel.File).HashAsync(), added.Sha256);
        Assert.Equal(File.ReadAllBytes(TinyModel.File), File.ReadAllBytes(_store.PathOf(added)));
        Assert.StartsWith(Path.Combine(_home.Path, "models") + Path.DirectorySeparatorChar, _store.PathOf(added));
        Assert.Equal(2048, added.ContextTokens);
        Assert.Null(added.Catalogue);
        Assert.Equal(progress.Values.Order(), progress.Values);
        Assert.Equal(1, progress.Values[^1]);
    }

    [Fact]
    public async Task Add_NameOfTheCatalogueWithoutFile_TakesWhatShipsAndItsProbe()
    {
        var added = await _adder.AddAsync(new ModelWish("grid-tiny", null, null, Link: false, null), new Shares(), default);

        Assert.Equal("grid-tiny", added.Catalogue);
        Assert.Equal(TinyModel.ContextTokens, added.ContextTokens);
        Assert.Equal(TinyModel.Probe.Answer, added.Probe?.Answer);
    }

    [Fact]
    public async Task Remove_CopiedAndLinked_DeletesOnlyItsOwnCopy()
    {
        var original = Path.Combine(_home.Path, "original.gguf");
        File.Copy(TinyModel.File, original);
        var copied = await AddAsync("copied", original);
        var linked = await _adder.AddAsync(new ModelWish("linked", original, null, Link: true, null), new Shares(), default);
        Assert.Equal(original, _store.PathOf(linked));

        _store.Unpin(copied);
        _store.Unpin(linked);

        Assert.Empty(_store.All);
        Assert.False(Directory.Exists(_store.FolderOf("copied")));
        Assert.True(File.Exists(original));
    }

    [Theory]
    [InlineData("qwen2.5-7b-instruct", null, "wrong_family")]
    [InlineData("m", "..", "invalid_id")]
    [InlineData("m", "a b", "invalid_id")]
    public async Task Add_WhatDoesNotFit_IsRefused(string name, string? id, string code)
    {
        var error = await Assert.ThrowsAsync<CommandException>(
            () => _adder.AddAsync(new ModelWish(name, TinyModel.File, id, Link: false, null), new Shares(), default));

        Assert.Equal(code, error.Code);
        Assert.Empty(_store.All);
    }

    [Fact]
    public async Task Add_CatalogueModelWithoutFile_SaysWhereToGetIt()
    {
        var error = await Assert.ThrowsAsync<CommandException>(
            () => _adder.AddAsync(new ModelWish("qwen2.5-7b-instruct", null, null, Link: false, null), new Shares(), default));

        Assert.Contains("https://huggingface.co/Qwen/", error.Message);
        Assert.Contains("--file", error.Message);
    }

    [Fact]
    public async Task Add_IdThatIsThere_IsRefused()
    {
        await AddAsync("m", TinyModel.File);

        var error = await Assert.ThrowsAsync<CommandException>(() => AddAsync("m", TinyModel.File));

        Assert.Equal("model_exists", error.Code);
    }

    [Fact]
    public async Task Add_CancelledWhileCopying_LeavesNothing()
    {
        using var cancel = new CancellationTokenSource();
        var half = new Shares(share =>
        {
            if (share > 0.5)
            {
                cancel.Cancel();
            }
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _adder.AddAsync(new ModelWish("m", TinyModel.File, null, Link: false, null), half, cancel.Token));

        Assert.Empty(_store.All);
        Assert.Empty(Directory.GetDirectories(Path.Combine(_home.Path, "models")));
    }

    [Fact]
    public async Task Lock_HeldByAnother_IsRefused()
    {
        using var held = _store.Lock();

        Assert.Equal("models_in_use", (await Assert.ThrowsAsync<CommandException>(() => AddAsync("m", TinyModel.File))).Code);
    }

    [Fact]
    public void All_DamagedList_SaysLineAndField()
    {
        File.WriteAllText(Path.Combine(_home.Path, "models.json"), "{\n\"models\": [\n{\"id\": 1}]}");

        var error = Assert.Throws<ConfigurationException>(() => _store.All);

        Assert.Contains("models.json line 3", error.Message);
    }

    [Fact]
    public async Task Load_AddedModelByFlagEnvironmentOrFile_IsServedWithItsHash()
    {
        var added = await AddAsync("mine", TinyModel.File);
        var file = Path.Combine(_home.Path, "silo.json");
        File.WriteAllText(file, $$"""{"models": [{"id": "m", "file": "{{TinyModel.File}}", "contextTokens": 512}], "miner": {"model": "mine"} }""");

        var byFile = Load(new SettingsFlags());
        Assert.Equal(["m", "mine"], byFile.Models.Select(static model => model.Id));
        Assert.Equal(added.Sha256, byFile.Models[1].Sha256);

        var byFlag = Load(new SettingsFlags(Model: "m"), "mine");
        Assert.Equal(["m"], byFlag.Models.Select(static model => model.Id));
        Assert.Equal("m", byFlag.Miner?.Model);
        Assert.Equal("mine", Assert.Single(Load(new SettingsFlags(), "mine").Models).Id);
        Assert.Contains("--model: there is no model 'x'", Assert.Throws<ConfigurationException>(() => Load(new SettingsFlags(Model: "x"))).Message);

        SiloFile Load(SettingsFlags flags, string? environment = null) => SettingsLoader.Load(
            flags with { Config = file, Home = _home.Path }, name => name == "BTTGRID_MODEL" ? environment : null).File;
    }

    private Task<AddedModel> AddAsync(string name, string file) =>
        _adder.AddAsync(new ModelWish(name, file, null, Link: false, null), new Shares(), default);

    private sealed class Shares(Action<double>? watch = null) : IProgress<double>
    {
        public List<double> Values { get; } = [];

        public void Report(double value)
        {
            Values.Add(value);
            watch?.Invoke(value);
        }
    }
}
