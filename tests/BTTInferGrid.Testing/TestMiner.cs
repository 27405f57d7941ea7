using BTTInferGrid.Inference;
using BTTInferGrid.Link;
using BTTInferGrid.Node;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BTTInferGrid.Testing;

/// <summary>A node of the tiny model in the test's process, at the other end of a real link.</summary>
public sealed class TestMiner : IAsyncDisposable
{
    private readonly IHost _host;

    private TestMiner(IHost host) => _host = host;

    public string Id => Service<INodeCredential>().Identity;

    public T Service<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Starts a node that joins a grid.</summary>
    public static async Task<TestMiner> JoinAsync(Uri front, string keyFile, TestGrid grid, Action<NodeOptions>? configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(grid.Service<LlamaLibrary>());
        builder.Services.AddSingleton<INodeCredential>(_ => NodeKeyFile.Open(keyFile));
        builder.Services.AddLogging();
        builder.Services.AddNode(options =>
        {
            options.Grids = [front];
            options.Model = TinyModel.Id;
            options.ModelFile = TinyModel.File;
            options.ContextTokens = TinyModel.ContextTokens;
            options.Engine = new EngineOptions { Threads = 1 };
            options.DrainTimeout = TimeSpan.FromSeconds(1);
            options.MinPause = TimeSpan.FromMilliseconds(50);
            options.MaxPause = TimeSpan.FromMilliseconds(200);
            configure?.Invoke(options);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new TestMiner(host);
    }

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
