using System.Numerics.Tensors;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Inference.Tests.Embeddings;

public sealed class EmbedderTests : IAsyncLifetime
{
    private static readonly string[] Texts =
    [
        "What is the capital of Japan?", "What is the capital of France?", "Tell me a short story.", "a",
        "What is the opposite of hot?",
    ];

    private readonly Embedder _embedder = Load(new EmbedderOptions { Pooling = EmbeddingPooling.Mean });

    [Fact]
    public async Task EmbedAsync_AnyText_GivesAVectorOfLengthOne()
    {
        var vectors = await EmbedAsync(_embedder, Texts);
        Assert.Equal(Texts.Length, vectors.Count);
        Assert.All(vectors, vector => Assert.Equal(_embedder.Dimensions, vector.Length));
        Assert.All(vectors, vector => Assert.Equal(1, TensorPrimitives.Norm<float>(vector), 1e-5));
    }

    [Fact]
    public async Task EmbedAsync_SameText_GivesTheSameVectorAndOthersOthers()
    {
        var first = await EmbedAsync(_embedder, Texts[0]);
        var second = await EmbedAsync(_embedder, Texts[0]);
        Assert.Equal(first[0], second[0]);

        var all = await EmbedAsync(_embedder, Texts);
        Assert.True(Likeness(all[0], all[1]) > Likeness(all[0], all[2]));
        Assert.True(Likeness(all[0], all[2]) < 0.99);
    }

    [Theory]
    [InlineData(EmbeddingPooling.Mean)]
    [InlineData(EmbeddingPooling.First)]
    [InlineData(EmbeddingPooling.Last)]
    public async Task EmbedAsync_ManyInputsInManyBatches_GivesEachItsOwn(EmbeddingPooling pooling)
    {
        await using var alone = Load(new EmbedderOptions { Pooling = pooling, BatchInputs = 1 });
        await using var together = Load(new EmbedderOptions { Pooling = pooling, BatchInputs = 7, BatchTokens = 64 });
        var texts = Enumerable.Range(0, 40).Select(i => Texts[i * 7 % Texts.Length]).ToArray();

        var expected = await EmbedAsync(alone, texts);
        var actual = await EmbedAsync(together, texts);

        Assert.Equal(pooling, together.Pooling);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(Likeness(pair.First, pair.Second), 0.999, 1.001));
    }

    [Fact]
    public async Task EmbedAsync_LongestInput_Runs()
    {
        await using var small = Load(new EmbedderOptions { Pooling = EmbeddingPooling.Last, BatchTokens = 256 });
        Assert.Equal(256, small.MaxInputTokens);
        Assert.Equal(2048, _embedder.MaxInputTokens);
        var vectors = await small.EmbedAsync([new int[256], new int[1], new int[255], new int[2]]).Within("the vectors");
        Assert.Equal(4, vectors.Count);
    }

    [Fact]
    public async Task EmbedAsync_BadInput_IsRefusedByIndex()
    {
        Assert.Equal("inputs", await RefusedAsync([]));
        Assert.Equal("inputs", await RefusedAsync([.. Enumerable.Repeat<ReadOnlyMemory<int>>(new int[1], 2049)]));
        Assert.Equal("inputs[1]", await RefusedAsync([new[] { 1 }, default]));
        Assert.Equal("inputs[0]", await RefusedAsync([new int[2049]]));
        Assert.Equal("inputs[0]", await RefusedAsync([new[] { 1, -1 }]));
        Assert.Equal("inputs[2]", await RefusedAsync([new[] { 1 }, new[] { 1 }, new[] { 1024 }]));
    }

    [Fact]
    public async Task EmbedAsync_Cancelled_EndsAndLeavesTheEmbedderWorking()
    {
        using var cancel = new CancellationTokenSource();
        var endless = _embedder.EmbedAsync([.. Enumerable.Repeat<ReadOnlyMemory<int>>(new int[500], 1000)], cancel.Token);
        var waiting = _embedder.EmbedAsync([new int[1]], cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endless.Within("the cancelled call"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Within("the one that waited"));
        Assert.Single(await EmbedAsync(_embedder, Texts[0]));
    }

    [Fact]
    public async Task DisposeAsync_WhileComputing_EndsCallsWithATypedError()
    {
        var running = _embedder.EmbedAsync([.. Enumerable.Repeat<ReadOnlyMemory<int>>(new int[500], 1000)]);
        await _embedder.DisposeAsync();
        await Assert.ThrowsAsync<EngineStoppedException>(() => running.Within("the call"));
        await Assert.ThrowsAsync<EngineStoppedException>(() => _embedder.EmbedAsync([new int[1]]));
    }

    [Fact]
    public void Encode_Text_IsTheTokensOfTheVocabulary()
    {
        Assert.Equal(_embedder.Vocabulary.Encode(Texts[0], parseSpecial: false), _embedder.Encode(Texts[0]));
        Assert.Equal([5, 1, 2, 6], new InputFrame(5, 6).Around([1, 2]));
        Assert.Equal([1, 2], new InputFrame(-1, -1).Around([1, 2]));
    }

    public static TheoryData<string, EmbedderOptions> BadOptions => new()
    {
        { "BatchTokens", new() { BatchTokens = 15 } },
        { "BatchInputs", new() { BatchInputs = 257 } },
        { "MaxInputs", new() { MaxInputs = 0 } },
        { "Threads", new() { Threads = 513 } },
        { "QueueCapacity", new() { QueueCapacity = 0 } },
        { "Pooling", new() { Pooling = (EmbeddingPooling)4 } },
        { "Pooling", new() { Pooling = null } },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Load_OptionOutOfRange_IsRefusedByName(string field, EmbedderOptions options) =>
        Assert.Equal(field, Assert.Throws<InvalidParameterException>(() => Load(options)).Field);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _embedder.DisposeAsync();

    private static Embedder Load(EmbedderOptions options) => Embedder.Load(
        TinyModel.Library,
        TinyModel.ModelPath,
        options.Threads == 0 ? options with { Threads = 1 } : options,
        NullLogger<Embedder>.Instance);

    private static Task<IReadOnlyList<float[]>> EmbedAsync(Embedder embedder, params string[] texts) =>
        embedder.EmbedAsync([.. texts.Select(text => (ReadOnlyMemory<int>)embedder.Encode(text))]).Within("vectors");

    private static float Likeness(float[] a, float[] b) => TensorPrimitives.Dot<float>(a, b);

    private async Task<string> RefusedAsync(ReadOnlyMemory<int>[] inputs) =>
        (await Assert.ThrowsAsync<InvalidParameterException>(() => _embedder.EmbedAsync(inputs))).Field;
}
