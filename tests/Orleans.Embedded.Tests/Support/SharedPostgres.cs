
namespace Orleans.Embedded.Tests.Support;

/// <summary>The one PostgreSQL server of the test run.</summary>
public sealed class SharedPostgres : IAsyncLifetime
{
    private PostgresServer? _server;

    public string ConnectionString => _server!.ConnectionString;

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.CreateAsync();
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}

/// <summary>The tests that share the server, which lives as long as they do.</summary>
[CollectionDefinition(nameof(SharedPostgres))]
public sealed class PostgresCollection : ICollectionFixture<SharedPostgres>;
