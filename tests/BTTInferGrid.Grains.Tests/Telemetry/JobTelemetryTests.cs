using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Telemetry;
using BTTInferGrid.Testing;

namespace BTTInferGrid.Grains.Tests.Telemetry;

/// <summary>What jobs on the real engine leave to whoever measures.</summary>
public sealed class JobTelemetryTests(ClusterFixture cluster) : IClassFixture<ClusterFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Run_WholeAnswer_IsASpanOfItsCallerWithOneOfItsMinerInside()
    {
        var trace = ActivityTraceId.CreateRandom();
        var caller = ActivitySpanId.CreateRandom();
        using var spans = new SpanRecorder(trace);
        var request = cluster.Grid.Ask(TinyModel.Question) with { TraceParent = $"00-{trace}-{caller}-01" };

        var tokens = await RunAsync("telemetry-span", request);

        var attempt = await spans.NextAsync();
        var job = await spans.NextAsync();
        Assert.Equal($"chat {TinyModel.Id}", job.DisplayName);
        Assert.Equal(caller, job.ParentSpanId);
        Assert.Equal("telemetry-span", job.GetTagItem("bttgrid.job.id"));
        Assert.Equal(request.Prompt.Length, job.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Equal(tokens, job.GetTagItem("gen_ai.usage.output_tokens"));
        Assert.Equal(["stop"], (string[])job.GetTagItem("gen_ai.response.finish_reasons")!);
        Assert.Equal(job.SpanId, attempt.ParentSpanId);
        Assert.Equal(cluster.Miner.Id, attempt.GetTagItem("bttgrid.miner.id"));
        Assert.Equal("completed", attempt.GetTagItem("bttgrid.attempt.outcome"));
        Assert.Equal("first_token", Assert.Single(attempt.Events).Name);
        Assert.True(job.Duration >= attempt.Duration && attempt.Duration > TimeSpan.Zero);
    }

    [Fact]
    public async Task Run_WholeAnswer_IsMeasured()
    {
        using var measured = new MeasurementRecorder(cluster.Grid.Service<IMeterFactory>());

        var tokens = await RunAsync("telemetry-metrics", cluster.Grid.Ask(TinyModel.Question));

        await measured.WaitForAsync("gen_ai.server.request.duration");
        Assert.True(measured.Sum("gen_ai.server.time_to_first_token") > 0);
        Assert.True(measured.Sum("gen_ai.server.time_per_output_token") > 0);
        Assert.Equal(tokens, measured.Sum("gen_ai.client.token.usage", "gen_ai.token.type", "output"));
        Assert.Equal(1, measured.Sum("bttgrid.job.attempts", "bttgrid.attempt.outcome", "completed"));
        Assert.Equal(0, measured.Sum("bttgrid.jobs.running"));
    }

    [Fact]
    public async Task Run_NoMiner_IsMeasuredAsAnError()
    {
        using var measured = new MeasurementRecorder(cluster.Grid.Service<IMeterFactory>());

        await Assert.ThrowsAsync<NoMinerException>(() => RunAsync(
            "telemetry-none", cluster.Grid.Ask(TinyModel.Question) with { Profile = "another" }));

        await measured.WaitForAsync("gen_ai.server.request.duration");
        Assert.True(measured.Sum("gen_ai.server.request.duration", "error.type", "no_miner") >= 0);
        Assert.Equal(0, measured.Sum("bttgrid.jobs.running"));
    }

    [Fact]
    public async Task Show_MinersOfAModel_AreCountedByState()
    {
        var gauges = cluster.Grid.Service<MinerGauges>();
        gauges.Set(TinyModel.Id, await cluster.Grains.GetGrain<IModelGrain>(TinyModel.Id).Miners());
        using var measured = new MeasurementRecorder(cluster.Grid.Service<IMeterFactory>());

        measured.Observe();

        Assert.Equal(1, measured.Sum("bttgrid.miners", "bttgrid.miner.state", "active"));
        Assert.Equal(0, measured.Sum("bttgrid.miners", "bttgrid.miner.state", "gone"));
        Assert.True(measured.Sum("bttgrid.miners.kv_cache.size") > 0);
    }

    private async Task<int> RunAsync(string jobId, JobRequest request)
    {
        var tokens = 0;
        await foreach (var step in cluster.Grains.GetGrain<IJobGrain>(jobId).Run(request))
        {
            tokens += step is JobTokens some ? some.Tokens.Length : 0;
        }

        return tokens;
    }

    /// <summary>Spans of one trace, as they end.</summary>
    private sealed class SpanRecorder : IDisposable
    {
        private readonly BlockingCollection<Activity> _ended = [];
        private readonly ActivityListener _listener;

        public SpanRecorder(ActivityTraceId trace)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = static source => source.Name == GridTelemetry.Name,
                Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                    options.Parent.TraceId == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
                ActivityStopped = _ended.Add,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public Task<Activity> NextAsync() =>
            Task.Run(() => _ended.TryTake(out var span, Patience) ? span : throw new TimeoutException("No span ended."));

        public void Dispose()
        {
            _listener.Dispose();
            _ended.Dispose();
        }
    }

    /// <summary>Measurements of the grid's meters that one host made.</summary>
    private sealed class MeasurementRecorder : IDisposable
    {
        private readonly ConcurrentQueue<(string Name, double Value, KeyValuePair<string, object?>[] Tags)> _all = new();
        private readonly ConcurrentDictionary<string, TaskCompletionSource> _seen = new();
        private readonly MeterListener _listener = new();

        public MeasurementRecorder(IMeterFactory meters)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == GridTelemetry.Name && ReferenceEquals(instrument.Meter.Scope, meters))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
            _listener.Start();
        }

        public Task WaitForAsync(string name) => Seen(name).Task.WaitAsync(Patience);

        public void Observe() => _listener.RecordObservableInstruments();

        public double Sum(string name, string? tag = null, string? value = null)
        {
            var found = _all.Where(one => one.Name == name
                && (tag is null || one.Tags.Contains(new KeyValuePair<string, object?>(tag, value)))).ToList();
            Assert.NotEmpty(found);
            return found.Sum(static one => one.Value);
        }

        public void Dispose() => _listener.Dispose();

        private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            _all.Enqueue((instrument.Name, value, tags.ToArray()));
            Seen(instrument.Name).TrySetResult();
        }

        private TaskCompletionSource Seen(string name) =>
            _seen.GetOrAdd(name, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}
