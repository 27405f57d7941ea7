using Orleans.Configuration;

namespace Orleans.Embedded.Tests.State;

[Collection(nameof(SharedPostgres))]
public sealed class PostgresGrainStorageTests(SharedPostgres server) : AdoNetGrainStorageContract
{
    protected override AdoNetGrainStorageOptions Options { get; } = new()
    {
        Invariant = "Npgsql",
        ConnectionString = server.ConnectionString,
    };

    protected override string SchemaQuery =>
        """
        (select concat_ws(' ', column_name, data_type, 'nullable ' || is_nullable, column_default)
         from information_schema.columns where table_name = 'grain_state' order by ordinal_position)
        union all
        select pg_get_constraintdef(oid) from pg_constraint
        where conrelid = 'grain_state'::regclass and contype = 'p'
        """;
}
