using Npgsql;
using Orleans.Embedded.AdoNet;

namespace Orleans.Embedded.Tests.Schema;

/// <summary>The tables are as they were: a change needs a step that alters those which exist.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class SchemaTests(SharedPostgres server)
{
    [Fact]
    public async Task Tables_InPostgres_AreThePinnedOnes()
    {
        using var database = Database.Open("test", "Npgsql", server.ConnectionString, DatabaseUse.Cluster);
        await AssertPinnedAsync(database, "postgresql",
            """
            (select concat_ws(' ', table_name, column_name, data_type, 'nullable ' || is_nullable, column_default)
             from information_schema.columns where table_schema = 'public' order by table_name, ordinal_position)
            union all
            (select tablename || ' ' || indexdef from pg_indexes where schemaname = 'public' order by indexname)
            union all
            (select 'sequence ' || sequencename from pg_sequences order by sequencename)
            """);
    }

    [Fact]
    public async Task Tables_InSqlite_AreThePinnedOnes()
    {
        using var file = new SqliteFile();
        using var database = Database.Open(
            "test", "Microsoft.Data.Sqlite", file.ConnectionString, DatabaseUse.Cluster);
        await AssertPinnedAsync(database, "sqlite",
            """
            select concat_ws(' ', t.name, c.name, c.type, 'notnull ' || c."notnull", c.dflt_value, 'key ' || c.pk)
            from pragma_table_list t join pragma_table_info(t.name) c
            where t.schema = 'main' and t.name not like 'sqlite%'
            union all
            select 'table ' || name || ' strict ' || strict || ' without rowid ' || wr
            from pragma_table_list where schema = 'main' and name not like 'sqlite%'
            union all
            select 'index ' || i.name || ' unique ' || i."unique" || ' ' || c.name
            from pragma_table_list t join pragma_index_list(t.name) i join pragma_index_info(i.name) c
            where t.schema = 'main' and t.name not like 'sqlite%' and i.origin <> 'pk'
            order by 1
            """);
    }

    [Theory]
    [InlineData("comment on table cluster_silo is null", "drop the tables cluster_version")]
    [InlineData("comment on table cluster_silo is 'version 2'", "later version")]
    public async Task Tables_OfAnotherVersionInPostgres_AreRefused(string change, string todo)
    {
        var settings = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = $"v{Guid.NewGuid():N}" };
        using (var first = Database.Open("test", "Npgsql", server.ConnectionString, DatabaseUse.State))
        {
            await RunAsync(first, $"create database {settings.Database}");
        }

        using var database = Database.Open("test", "Npgsql", settings.ConnectionString, DatabaseUse.State);
        await AssertRefusedAsync(database, change, todo);
    }

    [Theory]
    [InlineData("pragma user_version = 0", "drop the tables cluster_version")]
    [InlineData("pragma user_version = 2", "later version")]
    public async Task Tables_OfAnotherVersionInSqlite_AreRefused(string change, string todo)
    {
        using var file = new SqliteFile();
        using var database = Database.Open(
            "test", "Microsoft.Data.Sqlite", file.ConnectionString, DatabaseUse.Cluster);
        await AssertRefusedAsync(database, change, todo);
    }

    /// <summary>Tables of another version are refused until what the error says was done, and nothing is changed meanwhile.</summary>
    private static async Task AssertRefusedAsync(Database database, string change, string todo)
    {
        await database.CreateSchemaAsync(CancellationToken.None).Within("the tables");
        await database.CreateSchemaAsync(CancellationToken.None).Within("the tables once more");
        await RunAsync(database, change);
        for (var i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<OrleansConfigurationException>(
                () => database.CreateSchemaAsync(CancellationToken.None).Within("the refusal"));
            Assert.Contains(todo, error.Message, StringComparison.Ordinal);
        }

        foreach (var table in new[] { "cluster_version", "cluster_silo", "cluster_lease", "grain_directory" })
        {
            await RunAsync(database, $"drop table {table}");
        }

        await database.CreateSchemaAsync(CancellationToken.None).Within("the tables made anew");
        await RunAsync(database, "select joined_at from cluster_silo");
    }

    private static Task<int> RunAsync(Database database, string statement)
    {
        return database.QueryAsync(
            command => command.CommandText = statement,
            static reader => Task.FromResult(reader.FieldCount),
            CancellationToken.None).Within(statement);
    }

    private static async Task AssertPinnedAsync(Database database, string name, string query)
    {
        await database.CreateSchemaAsync(CancellationToken.None).Within("the tables");
        var lines = await database.QueryAsync(
            command => command.CommandText = query,
            static async reader =>
            {
                var lines = new List<string>();
                while (await reader.ReadAsync())
                {
                    lines.Add(reader.GetString(0));
                }

                return lines;
            },
            CancellationToken.None);
        var pinned = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Schema", $"schema.{name}.txt"));

        Assert.Equal(string.Join('\n', pinned), string.Join('\n', lines));
    }
}
