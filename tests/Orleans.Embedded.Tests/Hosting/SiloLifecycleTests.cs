using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Embedded.Lifecycle;

namespace Orleans.Embedded.Tests.Hosting;

public sealed class SiloLifecycleTests
{
    private readonly SiloLifecycle _lifecycle = new(NullLogger<SiloLifecycle>.Instance);
    private readonly List<string> _events = [];

    [Fact]
    public async Task StartAndStop_SeveralStages_AscendAndDescend()
    {
        Observe(30);
        Observe(10);
        Observe(20);

        await _lifecycle.StartAsync(default);
        await _lifecycle.StopAsync(default);

        Assert.Equal(["start 10", "start 20", "start 30", "stop 30", "stop 20", "stop 10"], _events);
        Assert.Equal(30, _lifecycle.HighestCompletedStage);
        Assert.Equal(10, _lifecycle.LowestStoppedStage);
    }

    [Fact]
    public async Task Start_StageFails_StopCoversOnlyTheStagesReached()
    {
        Observe(10);
        _lifecycle.Subscribe("fails", 20, static _ => throw new NotSupportedException());
        Observe(30);

        await Assert.ThrowsAsync<NotSupportedException>(() => _lifecycle.StartAsync(default));
        await _lifecycle.StopAsync(default);

        Assert.Equal(["start 10", "stop 10"], _events);
    }

    [Fact]
    public async Task Stop_StageFails_GoesOn()
    {
        Observe(10);
        _lifecycle.Subscribe(
            "fails", 20, static _ => Task.CompletedTask, static _ => throw new NotSupportedException());

        await _lifecycle.StartAsync(default);
        await _lifecycle.StopAsync(default);

        Assert.Equal(["start 10", "stop 10"], _events);
    }

    [Fact]
    public async Task Subscribe_DisposedBeforeStart_IsNotCalled()
    {
        var subscription = Observe(10);

        subscription.Dispose();
        await _lifecycle.StartAsync(default);

        Assert.Empty(_events);
    }

    private IDisposable Observe(int stage)
    {
        return _lifecycle.Subscribe(
            $"observer {stage}", stage, _ => NoteAsync($"start {stage}"), _ => NoteAsync($"stop {stage}"));
    }

    private Task NoteAsync(string what)
    {
        _events.Add(what);
        return Task.CompletedTask;
    }
}
