using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace BTTInferGrid.Cluster.Tests.Processes;

/// <summary>Three silos in processes of their own, one database, and a client. Each test leaves it whole.</summary>
public sealed class RunningCluster : IAsyncLifetime
{
    public const int SiloCount = 3;

    private PostgresServer? _database;
    private IHost? _client;

    internal PostgresServer Database => _database!;

    internal IHost Client => _client!;

    internal IReadOnlyList<SiloProcess> Silos { get; private set; } = [];

    public async Task InitializeAsync()
    {
        try
        {
            await StartAsync();
        }
        catch
        {
            // A fixture that does not start is not disposed of, and its processes would stay.
            await DisposeAsync();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        foreach (var silo in Silos)
        {
            await silo.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    internal ILedgerGrain Ledger(string name) => Client.Ledger(name);

    /// <summary>Repeats a call until it is answered, and tells how long that took.</summary>
    /// <exception cref="TimeoutException">It was not answered in time; the message has the last failure.</exception>
    internal static async Task<TimeSpan> UntilAnsweredAsync(Func<Task> call, TimeSpan patience)
    {
        var since = Stopwatch.GetTimestamp();
        await Poll.UntilAsync(
            async () =>
            {
                try
                {
                    await call();
                    return null;
                }
                catch (Exception failure)
                {
                    return failure;
                }
            },
            static failure => failure is null,
            patience);
        return Stopwatch.GetElapsedTime(since);
    }

    /// <summary>A ledger of that prefix whose grain is on the silo.</summary>
    internal async Task<string> LedgerOnAsync(SiloProcess silo, string prefix)
    {
        for (var i = 0; i < 1000; i++)
        {
            var name = $"{prefix}-{i}";
            if (await Ledger(name).Where() == silo.Id)
            {
                return name;
            }
        }

        throw new InvalidOperationException("No ledger came to that silo.");
    }

    private async Task StartAsync()
    {
        _database = await PostgresServer.CreateAsync();
        Silos = [.. Enumerable.Range(0, SiloCount).Select(_ => new SiloProcess(_database.ConnectionString))];

        // All at once, on a database without tables.
        foreach (var silo in Silos)
        {
            silo.Begin();
        }

        await Task.WhenAll(Silos.Select(static silo => silo.WaitUntilReadyAsync()));
        _client = await ClusterClient.ConnectAsync(_database.ConnectionString);
    }
}

[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<RunningCluster>
{
    public const string Name = "a running cluster";
}
