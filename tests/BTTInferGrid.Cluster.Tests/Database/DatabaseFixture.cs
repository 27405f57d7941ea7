using BTTInferGrid.Cluster.Tests.Processes;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace BTTInferGrid.Cluster.Tests.Database;

/// <summary>A database server, with a silo in the test's process on one of its databases.</summary>
public sealed class DatabaseFixture : IAsyncLifetime
{
    private PostgresServer? _server;
    private IHost? _silo;
    private int _databases;

    internal IServiceProvider Services => _silo!.Services;

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.CreateAsync();
        var ports = FreePorts.Take(2);
        _silo = Program.Build(_server.ConnectionString, ports[0], ports[1]);
        await _silo.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _silo!.StopAsync();
        _silo.Dispose();
        await _server!.DisposeAsync();
    }

    /// <summary>Connection string of a new, empty database.</summary>
    internal async Task<string> NewDatabaseAsync()
    {
        var name = $"empty{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync(_server!.ConnectionString, $"create database {name}");
        return new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = name }.ConnectionString;
    }

    internal static async Task<object?> ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class DatabaseCollection : ICollectionFixture<DatabaseFixture>
{
    public const string Name = "a database";
}
