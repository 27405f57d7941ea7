using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Embedded.Bench.Grains;
using Orleans.Embedded.Testing;

namespace Orleans.Embedded.Bench.Wire;

/// <summary>A silo in this process and one in another, which meet in a SQLite file and talk over loopback TCP.</summary>
internal sealed class TwoSilos : IAsyncDisposable
{
    private const string Ready = "The silo is active.";
    private readonly string _folder;
    private readonly IHost _here;
    private readonly ChildProcess _there;

    private TwoSilos(string folder, string connection)
    {
        _folder = folder;
        _here = NewHost(connection);
        _there = new ChildProcess(typeof(TwoSilos).Assembly.Location, ["silo", connection]);
    }

    /// <summary>What both processes used so far. It tells more than rates on a machine that others use too.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            using var there = Process.GetProcessById(_there.Id);
            return Environment.CpuUsage.TotalTime + there.TotalProcessorTime;
        }
    }

    public static async Task<TwoSilos> StartAsync()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("grain-bench-").FullName;
        var silos = new TwoSilos(folder, $"Data Source={Path.Combine(folder, "cluster.db")};Pooling=false");
        try
        {
            await silos._there.WaitForOutputAsync(Ready);
            await silos._here.StartAsync();
            return silos;
        }
        catch
        {
            await silos.DisposeAsync();
            throw;
        }
    }

    /// <summary>The other process: a silo until it is killed.</summary>
    public static async Task RunOtherAsync(string connection)
    {
        var host = NewHost(connection);
        await host.StartAsync();
        Console.WriteLine(Ready);
        await host.WaitForShutdownAsync();
    }

    /// <summary>Grains that random placement put into the other process.</summary>
    public async Task<IBenchGrain[]> RemoteGrainsAsync(int count)
    {
        var grains = _here.Services.GetRequiredService<IGrainFactory>();
        var remote = new List<IBenchGrain>(count);
        for (var key = 0L; remote.Count < count; key++)
        {
            var grain = grains.GetGrain<IBenchGrain>(key);
            if (await grain.Process() == _there.Id)
            {
                remote.Add(grain);
            }
        }

        return [.. remote];
    }

    public async ValueTask DisposeAsync()
    {
        await _here.StopAsync();
        _here.Dispose();
        await _there.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    private static IHost NewHost(string connection)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo =>
        {
            silo.UseAdoNetClustering((AdoNetClusteringSiloOptions options) =>
            {
                options.Invariant = "Microsoft.Data.Sqlite";
                options.ConnectionString = connection;
            });
            var port = FreePorts.Take(1)[0];
            silo.Configure<EndpointOptions>(options =>
            {
                options.SiloPort = port;
                options.GatewayPort = 0;
            });
        });
        return builder.Build();
    }
}
