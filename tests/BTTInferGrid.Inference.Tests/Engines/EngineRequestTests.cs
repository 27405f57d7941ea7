namespace BTTInferGrid.Inference.Tests.Engines;

public sealed class EngineRequestTests : IAsyncLifetime
{
    private readonly Engine _engine = TinyModel.LoadEngine(new EngineOptions { CacheTokens = 512 });

    public static TheoryData<string, EngineRequest> Bad
    {
        get
        {
            var good = new EngineRequest { Prompt = new[] { 1, 2, 3 }, MaxTokens = 4 };
            return new()
            {
                { "Prompt", good with { Prompt = default } },
                { "Prompt[1]", good with { Prompt = new[] { 1, -1 } } },
                { "Prompt[0]", good with { Prompt = new[] { 1024 } } },
                { "Prompt[2]", good with { Prompt = new[] { 1, 2, int.MaxValue } } },
                { "MaxTokens", good with { MaxTokens = 0 } },
                { "MaxTokens", good with { MaxTokens = int.MinValue } },
                { "MaxTokens", good with { MaxTokens = int.MaxValue } },
                { "MaxTokens", good with { MaxTokens = 510 } },
                { "Sampling", good with { Sampling = null! } },
                { "Temperature", good with { Sampling = new() { Temperature = float.NaN } } },
                { "TopP", good with { Sampling = new() { TopP = float.PositiveInfinity } } },
                { "Stop", good with { Stop = null! } },
                { "Stop", good with { Stop = [.. Enumerable.Repeat("x", 17)] } },
                { "Stop[0]", good with { Stop = [""] } },
                { "LogitBias", good with { Sampling = new() { LogitBias = null! } } },
                { "LogitBias", good with { Sampling = new() { LogitBias = Bias(1024) } } },
                { "LogitBias", good with { Sampling = new() { LogitBias = Bias(-1) } } },
                { "LogitBias[5]", good with { Sampling = new() { LogitBias = Bias(5, float.NaN) } } },
                { "LogProbabilities", good with { LogProbabilities = -1 } },
                { "LogProbabilities", good with { LogProbabilities = 21 } },
                { "Priority", good with { Priority = 11 } },
                { "Priority", good with { Priority = int.MinValue } },
                { "Tenant", good with { Tenant = null! } },
                { "Tenant", good with { Tenant = new string('t', 257) } },
                { "StopTokens", good with { StopTokens = null! } },
                { "StopTokens", good with { StopTokens = new int[65] } },
                { "StopTokens[1]", good with { StopTokens = [3, 1024] } },
                { "Stop[1]", good with { Stop = ["x", new string('y', 257)] } },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void GenerateAsync_FieldOutOfRange_IsRefusedByNameAtOnce(string field, EngineRequest request)
    {
        Assert.Equal(field, Assert.ThrowsAny<InvalidParameterException>(() => _engine.GenerateAsync(request)).Field);
        Assert.Equal(new EngineStatus(0, 0, 0, _engine.Status.RetainedTokens, 512), _engine.Status);
    }

    [Fact]
    public void GenerateAsync_MoreThanTheEngineHolds_IsRefusedWithTheNumbers()
    {
        var request = new EngineRequest { Prompt = new int[500], MaxTokens = 13 };
        var refused = Assert.Throws<RequestTooLargeException>(() => _engine.GenerateAsync(request));
        Assert.Equal((500, 13, 512), (refused.PromptTokens, refused.MaxTokens, refused.Limit));
    }

    [Fact]
    public async Task GenerateAsync_MoreThanTheModelWasTrainedFor_IsRefused()
    {
        await using var engine = TinyModel.LoadEngine(new EngineOptions { CacheTokens = 8192 });
        Assert.Equal(2048, engine.MaxRequestTokens);
        Assert.Throws<RequestTooLargeException>(
            () => engine.GenerateAsync(new EngineRequest { Prompt = new int[2000], MaxTokens = 49 }));
    }

    [Fact]
    public async Task GenerateAsync_FillsTheEngineExactly_Runs()
    {
        var request = new EngineRequest { Prompt = new int[500], MaxTokens = 12 };
        var answer = await _engine.AnswerAsync(request).Within("the answer");
        Assert.InRange(answer.Result.OutputTokens, 1, 12);
    }

    [Fact]
    public async Task GenerateAsync_PromptChangedAfterTheCall_IsRunAsItWasChecked()
    {
        var prompt = TinyModel.Ask("What is the capital of Japan?").Prompt.ToArray();
        var events = _engine.GenerateAsync(
            new EngineRequest { Prompt = prompt, MaxTokens = 40, Sampling = SamplingParameters.Greedy });
        Array.Fill(prompt, int.MaxValue);

        var text = "";
        await foreach (var item in events)
        {
            text += (item as EngineTokens)?.Text;
        }

        Assert.Contains("Tokyo", text, StringComparison.Ordinal);
    }

    public static TheoryData<string, EngineOptions> BadOptions => new()
    {
        { "CacheTokens", new() { CacheTokens = 255 } },
        { "CacheTokens", new() { CacheTokens = int.MaxValue } },
        { "MaxSequences", new() { MaxSequences = 0 } },
        { "MaxSequences", new() { MaxSequences = 257 } },
        { "BatchTokens", new() { BatchTokens = 32 } },
        { "BatchTokens", new() { BatchTokens = 5000 } },
        { "BatchTokens", new() { CacheTokens = 256, BatchTokens = 300 } },
        { "Threads", new() { Threads = -1 } },
        { "Threads", new() { Threads = 513 } },
        { "PromptTokensBesideStreams", new() { PromptTokensBesideStreams = 0 } },
        { "PromptTokensBesideStreams", new() { PromptTokensBesideStreams = 4097 } },
        { "QueueCapacity", new() { QueueCapacity = 0 } },
        { "QueueCapacity", new() { QueueCapacity = 100_000 } },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Load_OptionOutOfRange_IsRefusedByName(string field, EngineOptions options) =>
        Assert.Equal(field, Assert.Throws<InvalidParameterException>(() => TinyModel.LoadEngine(options)).Field);

    public Task InitializeAsync() => Task.CompletedTask;

    private static Dictionary<int, float> Bias(int token, float bias = 1) => new() { [token] = bias };

    public async Task DisposeAsync() => await _engine.DisposeAsync();
}
