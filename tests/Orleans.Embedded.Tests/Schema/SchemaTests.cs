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
