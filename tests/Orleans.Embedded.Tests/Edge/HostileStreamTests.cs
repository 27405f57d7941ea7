using System.Text;
using Microsoft.AspNetCore.Builder;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Edge;
using Orleans.Embedded.Serialization;
using Orleans.Embedded.Streaming;

namespace Orleans.Embedded.Tests.Edge;

/// <summary>Edge silos that know the id of another's enumeration.</summary>
public sealed class HostileStreamTests : IAsyncLifetime
{
    private static readonly Guid Known = Guid.NewGuid();
    private readonly EdgeTestGrid _grid = new();
    private WebApplication? _core;
    private RawEdge? _victim;
    private RawEdge? _hostile;

    private RawEdge Victim => _victim!;

    private RawEdge Hostile => _hostile!;

    public async Task InitializeAsync()
    {
        _core = await _grid.StartCoreAsync();
        _victim = await RawEdge.ConnectAsync(_core);
        _hostile = await RawEdge.ConnectAsync(_core);
        await Victim.AnnounceAsync();
        await Hostile.AnnounceAsync();
    }

    public async Task DisposeAsync()
    {
        await _grid.DisposeAsync();
    }

    [Fact]
    public async Task NextPullAndStop_OfAnothersEnumeration_AreRefusedAndItGoesOn()
    {
        var items = await PullAsync(Victim, isFirst: true);

        await Assert.ThrowsAsync<EnumerationAbortedException>(() => PullAsync(Hostile, isFirst: false));
        await Assert.ThrowsAsync<EnumerationAbortedException>(
            () => Hostile.AskAsync<object?>(GrainFor(Hostile), new StopRequest(Known)));

        Assert.Equal(Enumerable.Range(0, 5), await ReadToEndAsync(Victim, items));
        Assert.Equal(1, EdgeTestGrid.GatewayAt(_core!).EdgeSilos.Sum(static edge => edge.Refusals));
    }

    [Fact]
    public async Task FirstPull_WithTheIdOfAnothersEnumeration_OpensOneOfItsOwn()
    {
        var items = await PullAsync(Victim, isFirst: true);
        var others = await PullAsync(Hostile, isFirst: true);

        Assert.Equal(Enumerable.Range(0, 5), await ReadToEndAsync(Hostile, others));
        Assert.Equal(Enumerable.Range(0, 5), await ReadToEndAsync(Victim, items));
    }

    [Fact]
    public async Task Cancel_Pull_StopsTheProducerToo()
    {
        var call = CallOf(Hostile, "Watch"u8);
        using var arguments = new WireWriter(null);
        Codecs.String.WriteField(arguments, 1, "edge pull");
        var reader = new WireReader(arguments.Written, null);
        call.ReadArguments(ref reader);
        Hostile.Send(new EdgeMessage(
            EdgeMessageKind.Request, 1, GrainFor(Hostile), CanBeCancelled: true, call.Pull(Known, isFirst: true, maxBatchSize: 1)));
        await Signals.Await("edge pull in");

        Hostile.Send(new EdgeMessage(EdgeMessageKind.Cancel, 1));

        await Signals.Await("edge pull stopped");
    }

    private static GrainId GrainFor(RawEdge edge)
    {
        return new GrainId(
            EdgeGrainType.Named(edge.Manifest.InterfaceOf(typeof(ICenterGrain))), IdSpan.Create("watched"));
    }

    /// <summary>Asks for one more item of Count(5).</summary>
    private static Task<StreamBatch<int>> PullAsync(RawEdge edge, bool isFirst)
    {
        var call = CallOf(edge, "Count"u8);
        using var arguments = new WireWriter(null);
        Codecs.Int32.WriteField(arguments, 1, 5);
        var reader = new WireReader(arguments.Written, null);
        call.ReadArguments(ref reader);
        return edge.AskAsync<StreamBatch<int>>(GrainFor(edge), call.Pull(Known, isFirst, maxBatchSize: 1));
    }

    private static GrainRequest CallOf(RawEdge edge, ReadOnlySpan<byte> method)
    {
        var name = edge.Manifest.InterfaceOf(typeof(ICenterGrain)).Name.ToString();
        return edge.Manifest.NewRequest(Encoding.UTF8.GetBytes(name), method)!;
    }

    private static async Task<List<int>> ReadToEndAsync(RawEdge edge, StreamBatch<int> batch)
    {
        List<int> items = [.. batch.Items];
        while (batch.State == StreamState.More)
        {
            batch = await PullAsync(edge, isFirst: false);
            items.AddRange(batch.Items);
        }

        Assert.Equal(StreamState.Completed, batch.State);
        return items;
    }
}
