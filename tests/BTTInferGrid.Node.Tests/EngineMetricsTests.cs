using System.Diagnostics.Metrics;
using BTTInferGrid.Node.Tests.Grid;

namespace BTTInferGrid.Node.Tests;

public sealed class EngineMetricsTests
{
    [Fact]
    public async Task Completed_OneJob_CountsItsTokensAndShowsTheEngine()
    {
        var sums = new Dictionary<string, long>();
        await using var grid = await ScriptedGrid.StartAsync();
        await using var node = await TestNode.StartAsync(grid);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "BTTInferGrid" && instrument.Meter.Scope == node.Meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            Add($"{instrument.Name} {(tags.IsEmpty ? null : tags[0].Value)}", value));
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Add(instrument.Name, value));
        listener.Start();
        var session = await grid.WelcomeAsync();
        await session.SendAsync(node.Ask(1));
        var result = (await session.AnswerAsync(1)).Result;
        listener.RecordObservableInstruments();

        sums["bttgrid.engine.tokens input"].Should().Be(result.PromptTokens);
        sums["bttgrid.engine.tokens output"].Should().Be(result.OutputTokens);
        sums["bttgrid.engine.prefix_cache.hits "].Should().Be(0);
        sums["bttgrid.engine.kv_cache.size"].Should().Be(8192);
        sums.Should().ContainKeys(
            "bttgrid.engine.requests.running", "bttgrid.engine.requests.waiting", "bttgrid.engine.kv_cache.used");

        void Add(string name, long value)
        {
            lock (sums)
            {
                sums[name] = sums.GetValueOrDefault(name) + value;
            }
        }
    }
}
