namespace BTTInferGrid.Inference.Tests.Replay;

public sealed class ReplayRequestTests : IAsyncLifetime
{
    private static readonly ReplayRequest Good = new()
    {
        Prompt = new[] { 1, 2, 3 },
        Output = new[] { 4, 5 },
        Sampling = SamplingParameters.Greedy,
        Scope = Replays.Scope,
    };

    private readonly Replayer _replayer = Replays.Load(
        new ReplayOptions { ContextTokens = 256, BatchTokens = 16, Threads = 1, QueueCapacity = 1 });

    public static TheoryData<string, ReplayRequest> Bad => new()
    {
        { "Prompt", Good with { Prompt = default } },
        { "Prompt[1]", Good with { Prompt = new[] { 1, -1 } } },
        { "Output", Good with { Output = default } },
        { "Output[0]", Good with { Output = new[] { 1024 } } },
        { "Output[1]", Good with { Output = new[] { 1, int.MinValue } } },
        { "Sampling", Good with { Sampling = null! } },
        { "Temperature", Good with { Sampling = new() { Temperature = float.NaN } } },
        { "LogitBias", Good with { Sampling = new() { LogitBias = new Dictionary<int, float> { [1024] = 1 } } } },
        { "Scope", Good with { Scope = null! } },
        { "MaxTokens", Good with { Output = new int[254] } },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task ReplayAsync_FieldOutOfRange_IsRefusedByName(string field, ReplayRequest request)
    {
        var refused = await Assert.ThrowsAnyAsync<InvalidParameterException>(() => _replayer.ReplayAsync(request));
        Assert.Equal(field, refused.Field);
    }

    [Fact]
    public async Task ReplayAsync_FillsTheCacheExactly_Runs()
    {
        var positions = await _replayer.ReplayAsync(Good with { Output = new int[253] }).Within("the replay");
        Assert.Equal(253, positions.Length);
    }

    [Fact]
    public async Task ReplayAsync_ChangedAfterTheCall_IsRunAsItWasChecked()
    {
        var output = new[] { 4, 5 };
        var replay = _replayer.ReplayAsync(Good with { Output = output });
        Array.Fill(output, int.MaxValue);
        Assert.Equal([4, 5], (await replay.Within("the replay")).Select(position => position.Evidence.Token));
    }

    [Fact]
    public async Task ReplayAsync_Cancelled_EndsAndLeavesTheReplayerWorking()
    {
        using var cancel = new CancellationTokenSource();
        var replay = _replayer.ReplayAsync(Good with { Output = new int[250] }, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => replay.Within("the cancelled replay"));
        Assert.Equal(2, (await _replayer.ReplayAsync(Good).Within("the replay after")).Length);
    }

    [Fact]
    public async Task ReplayAsync_AfterDispose_IsRefused()
    {
        await _replayer.DisposeAsync();
        await Assert.ThrowsAsync<EngineStoppedException>(() => _replayer.ReplayAsync(Good));
    }

    [Theory]
    [InlineData("ContextTokens", 255, 0, 0, 16)]
    [InlineData("BatchTokens", 256, 257, 0, 16)]
    [InlineData("BatchTokens", 256, -1, 0, 16)]
    [InlineData("Threads", 256, 0, 513, 16)]
    [InlineData("QueueCapacity", 256, 0, 0, 0)]
    public void Load_OptionOutOfRange_IsRefusedByName(string field, int context, int batch, int threads, int queue)
    {
        var options = new ReplayOptions
        {
            ContextTokens = context,
            BatchTokens = batch,
            Threads = threads,
            QueueCapacity = queue,
        };
        Assert.Equal(field, Assert.Throws<InvalidParameterException>(() => Replays.Load(options)).Field);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _replayer.DisposeAsync();
}
