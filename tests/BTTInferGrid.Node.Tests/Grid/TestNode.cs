using System.Diagnostics.Metrics;
using BTTInferGrid.Inference;
using BTTInferGrid.Link;
using BTTInferGrid.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Node.Tests.Grid;

/// <summary>A node with a real engine of the tiny model, in a host of its own.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    public const string Model = "grid-tiny";

    private readonly TemporaryHome _home = new();
    private readonly IHost _host;

    private TestNode(Action<NodeOptions> configure, TimeProvider? time)
    {
        Key = NodeKeyFile.Open(Path.Combine(_home.Path, "node.pem"));
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(Log);
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.Services.AddSingleton(LlamaLibrary.Load(new LlamaOptions(), NullLogger.Instance));
        builder.Services.AddSingleton<INodeCredential>(Key);
        builder.Services.AddNode(options =>
        {
            options.Model = Model;
            options.ModelFile = ModelFile;
            options.Engine = new EngineOptions { Threads = 1 };
            options.MinPause = TimeSpan.FromMilliseconds(20);
            configure(options);
        });
        _host = builder.Build();
    }

    public static string ModelFile { get; } = Path.Combine(AppContext.BaseDirectory, "models", "grid-tiny-4l.q8_0.gguf");

    public LogLines Log { get; } = new();

    public NodeKeyFile Key { get; }

    public IMeterFactory Meters => _host.Services.GetRequiredService<IMeterFactory>();

    public NodeEngine Engine => _host.Services.GetRequiredService<NodeEngine>();

    public static Task<TestNode> StartAsync(ScriptedGrid grid, TimeProvider? time = null) =>
        StartAsync(options => options.Grids = [grid.Address], time);

    public static async Task<TestNode> StartAsync(Action<NodeOptions> configure, TimeProvider? time = null)
    {
        var node = new TestNode(configure, time);
        try
        {
            await node._host.StartAsync();
            return node;
        }
        catch
        {
            await node.FreeAsync();
            throw;
        }
    }

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _host.StopAsync(now.Token);
        await FreeAsync();
    }

    private async Task FreeAsync()
    {
        await ((IAsyncDisposable)_host).DisposeAsync();
        Key.Dispose();
        _home.Dispose();
    }
}
