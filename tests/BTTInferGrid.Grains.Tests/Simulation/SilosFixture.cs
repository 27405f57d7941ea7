using BTTInferGrid.Simulation;

namespace BTTInferGrid.Grains.Tests.Simulation;

/// <summary>Three silos, for tests that leave them running.</summary>
public sealed class SilosFixture : IAsyncLifetime
{
    private SimulatedGrid? _grid;

    public SimulatedGrid Grid => _grid ?? throw new InvalidOperationException("The grid has not been started.");

    public async Task InitializeAsync() => _grid = await SimulatedGrid.StartAsync(new SimulationOptions { Silos = 3 });

    public async Task DisposeAsync() => await Grid.DisposeAsync();
}
