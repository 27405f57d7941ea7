using BTTInferGrid.Accounts;
using BTTInferGrid.Testing;
using Microsoft.Data.Sqlite;

namespace BTTInferGrid.Grains.Tests.Accounts;

/// <summary>Keys in a SQLite file, over a restart.</summary>
public sealed class StoredKeysTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    private string File => Path.Combine(_home.Path, "state.db");

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Restart_OnTheSameFile_FindsKeysAndRevocations()
    {
        var (kept, gone) = (AccountsCluster.NewKey(new ApiKeyLimits(RequestsPerMinute: 1)), AccountsCluster.NewKey());
        ApiKeyRecord record;
        var first = await AccountsCluster.StartAsync(File);
        try
        {
            record = await first.Account("dev").CreateKey(kept);
            await first.Account("dev").RevokeKey((await first.Account("dev").CreateKey(gone)).Id);
        }
        finally
        {
            await first.DisposeAsync();
        }

        var second = await AccountsCluster.StartAsync(File);
        try
        {
            Assert.Equal([record], await AccountsCluster.ListAsync(second.Account("dev")));
            Assert.Equal(record, await second.Account("dev").CreateKey(kept));
            Assert.Equal(0, (await second.Key(kept.Hash).Admit("a", 1)).Requests?.Remaining);
            await Assert.ThrowsAsync<KeyRefusedException>(() => second.Key(gone.Hash).Admit("a", 1));
        }
        finally
        {
            await second.DisposeAsync();
        }
    }

    [Fact]
    public async Task UnknownKeys_Asked_LeaveNoRows()
    {
        var cluster = await AccountsCluster.StartAsync(File);
        try
        {
            for (var i = 0; i < 20; i++)
            {
                var key = cluster.Key(AccountsCluster.NewHash());
                Assert.Null(await key.Describe());
                await Assert.ThrowsAsync<KeyRefusedException>(() => key.Admit("a", 1));
                await key.Release("a", 1);
            }

            await cluster.Account("dev").CreateKey(AccountsCluster.NewKey());
        }
        finally
        {
            await cluster.DisposeAsync();
        }

        // Of the account and its one key.
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from grain_state";
        Assert.Equal(2L, await command.ExecuteScalarAsync());
    }
}
