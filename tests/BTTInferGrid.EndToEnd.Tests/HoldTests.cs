using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using BTTInferGrid.Testing;
using FluentAssertions;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>The grid that ships under more load than its miners take, and when its process stands still or ends.</summary>
public sealed class HoldTests(RunningGrid grid) : IClassFixture<RunningGrid>
{
    [Fact]
    public async Task Stream_MoreThanTheCachesHold_IsWholeOrRefusedBeforeItBeginsAndNoMinerIsSuspended()
    {
        using var http = grid.Http();

        var streams = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => LongStreams.ReadAsync(http, i)));

        var refused = streams.Where(static stream => stream.Status == HttpStatusCode.ServiceUnavailable).ToList();
        refused.Should().NotBeEmpty("64 streams need twice what two caches hold")
            .And.OnlyContain(static stream => stream.RetryAfter >= TimeSpan.FromSeconds(1) && stream.Error!.Contains("model_busy"));
        streams.Where(static stream => stream.Status != HttpStatusCode.ServiceUnavailable).Should().HaveCountGreaterThanOrEqualTo(32)
            .And.OnlyContain(static stream => stream.Tokens == LongStreams.Tokens && stream.Error == null);
        await ShouldHaveMinersAsync(http);
    }

    [Fact]
    public async Task Stream_GridStandsStillForLongerThanItsMinersWait_GoesOnAndNoMinerIsSuspended()
    {
        using var http = grid.Http();
        using var begun = new CountdownEvent(8);
        var streams = Enumerable.Range(0, 8).Select(i => ReadAsync(i)).ToArray();
        begun.Wait(TimeSpan.FromSeconds(60)).Should().BeTrue();

        grid.Process.Send(ProcessSignal.Stop);
        try
        {
            // Its miners leave it after 5 s of silence. That it is silent for so long is what is tested.
            await Task.Delay(TimeSpan.FromSeconds(8));
        }
        finally
        {
            grid.Process.Send(ProcessSignal.Continue);
        }

        (await Task.WhenAll(streams)).Should().OnlyContain(static stream => stream.Tokens == LongStreams.Tokens && stream.Error == null);
        await ShouldHaveMinersAsync(http);

        Task<LongStream> ReadAsync(int number)
        {
            var isFirst = 1;
            return LongStreams.ReadAsync(http, number, () =>
            {
                if (Interlocked.Exchange(ref isFirst, 0) == 1)
                {
                    begun.Signal();
                }
            });
        }
    }

    [Fact]
    public async Task Interrupt_StreamsThatTakeTooLong_EndWithAnError()
    {
        using var home = new TemporaryHome();
        await using var stopping = await GridProcess.StartAsync(home.Path, environment: [new("BTTGRID_LOG_LEVEL", "Warning")]);
        using var http = new HttpClient { BaseAddress = stopping.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", stopping.Key);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var streams = Enumerable.Range(0, 32).Select(i => LongStreams.ReadAsync(http, i, () => begun.TrySetResult())).ToArray();
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(60));

        (await stopping.InterruptAsync()).Should().Be(0);

        (await Task.WhenAll(streams)).Should().OnlyContain(static stream =>
            stream.Error == null ? stream.Tokens == LongStreams.Tokens : stream.Error.Contains("front of the grid stops"));
        stopping.Log.Should().NotContain("non-graceful").And.NotContain(" fail: ");
    }

    /// <summary>Both miners serve, and neither was kept from it.</summary>
    private async Task ShouldHaveMinersAsync(HttpClient http)
    {
        await Poll.UntilAsync(() => StatesAsync(http), static states => states is ["active", "active"], TimeSpan.FromSeconds(60));
        grid.Process.Log.Should().NotContain("is Suspended");
    }

    private static async Task<string?[]> StatesAsync(HttpClient http)
    {
        using var miners = JsonDocument.Parse(await http.GetStringAsync("/v1/grid/miners"));
        return [.. miners.RootElement.GetProperty("miners").EnumerateArray().Select(static miner => miner.GetProperty("state").GetString())];
    }
}
