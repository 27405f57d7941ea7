using BTTInferGrid.Grains.Mining;
using BTTInferGrid.Inference;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
#if EDGE_SILOS
using Orleans.Configuration;
using Orleans.Embedded.Edge;
#endif

namespace BTTInferGrid.Testing;

/// <summary>A miner of the tiny model in the test's process.</summary>
public sealed class TestMiner : IAsyncDisposable
{
    private const string InClusterId = "test-miner";
    private readonly IHost? _host;
    private readonly IServiceProvider _services;

    private TestMiner(string id, IServiceProvider services, IHost? host)
    {
        Id = id;
        _services = services;
        _host = host;
    }

    public string Id { get; }

    public T Service<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public static void Configure(MinerOptions options)
    {
        options.MinerId = InClusterId;
        options.Model = TinyModel.Id;
        options.ModelFile = TinyModel.File;
        options.ContextTokens = TinyModel.ContextTokens;
        options.Engine = new EngineOptions { Threads = 1 };
    }

    public static TestMiner Of(TestGrid grid) => new(InClusterId, grid.Core.Services, null);

    public static async Task<TestMiner> JoinAsync(Uri gateway, string keyFile, TestGrid grid, Action<MinerOptions>? configure)
    {
#if EDGE_SILOS
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(grid.Service<LlamaLibrary>());
        builder.Services.AddLogging();
        builder.UseEdgeSilo(edge =>
        {
            edge.Configure<ClusterOptions>(options => options.ClusterId = grid.ClusterId);
            edge.UseEdgeKeyFile(keyFile);
            edge.Configure<EdgeSiloOptions>(options =>
            {
                options.Gateways.Add(gateway);
                options.MinBackoff = TimeSpan.FromMilliseconds(50);
                options.MaxBackoff = TimeSpan.FromMilliseconds(200);
            });
            edge.AddMiner(options =>
            {
                Configure(options);
                options.DrainTimeout = TimeSpan.FromSeconds(1);
                configure?.Invoke(options);
            });
        });
        var host = builder.Build();
        await host.StartAsync();
        return new TestMiner(host.Services.GetRequiredService<IEdgeSilo>().Identity, host.Services, host);
#else
        await Task.CompletedTask;
        throw new NotSupportedException($"Miners cannot join {gateway} with {keyFile}: this runtime has no edge silos.");
#endif
    }

    public Task StopAsync() => _host?.StopAsync() ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host)
        {
            await _host.StopAsync();
            await host.DisposeAsync();
        }
    }
}
