using BTTInferGrid.Testing;

namespace BTTInferGrid.Grains.Tests;

/// <summary>A grid with one miner.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private TestGrid? _grid;

    public TestGrid Grid => _grid ?? throw new InvalidOperationException("The grid has not been started.");

    public IGrainFactory Grains => Grid.Grains;

    public TestMiner Miner => Grid.Miners[0];

    public async Task InitializeAsync() => _grid = await TestGrid.StartAsync();

    public async Task DisposeAsync() => await Grid.DisposeAsync();
}
