using Microsoft.Data.Sqlite;
using Orleans.Embedded.Directory;
using Orleans.Runtime;

namespace Orleans.Embedded.AdoNet;

/// <summary>The grain directory in SQLite: a batch is one transaction of one statement for each request.</summary>
internal sealed class SqliteGrainDirectory(Database database, string clusterId)
    : AdoNetGrainDirectory(database, clusterId)
{
    private const string Lookup =
        $"""
        select d.grain_id, d.silo, d.activation_id, d.membership_version from grain_directory d
        where d.cluster_id = @cluster and d.grain_id = @grain and {HasLease}
        """;

    private const string Register =
        $"""
        insert into grain_directory as d (cluster_id, grain_id, silo, activation_id, membership_version)
        values (@cluster, @grain, @silo, @activation, @version)
        on conflict (cluster_id, grain_id) do update
        set silo = excluded.silo, activation_id = excluded.activation_id,
            membership_version = excluded.membership_version
        where d.activation_id = excluded.activation_id or not {HasLease}
        returning grain_id
        """;

    private const string NextToken =
        "update grain_fencing_token set last_token = last_token + 1 returning last_token";

    private const string Remove =
        "delete from grain_directory where cluster_id = @cluster and grain_id = @grain and activation_id = @activation";

    protected override Task<IReadOnlyList<GrainAddress?>> LookupAsync(IReadOnlyList<GrainId> grains)
    {
        return RunAsync(Lookup, ["grain"], grains, (command, grain) =>
        {
            command.Parameters["grain"].Value = grain.ToString();
            using var reader = command.ExecuteReader();
            return reader.Read() ? ReadAddress(reader) : null;
        });
    }

    protected override Task<IReadOnlyList<GrainRegistration?>> RegisterAsync(IReadOnlyList<GrainAddress> addresses)
    {
        return RunAsync<GrainAddress, GrainRegistration?>(
            Register, ["grain", "silo", "activation", "version"], addresses, RegisterOne);
    }

    protected override Task<IReadOnlyList<bool>> RemoveAsync(IReadOnlyList<GrainAddress> addresses)
    {
        return RunAsync(Remove, ["grain", "activation"], addresses, static (command, address) =>
        {
            command.Parameters["grain"].Value = address.GrainId.ToString();
            command.Parameters["activation"].Value = KeyOf(address);
            return command.ExecuteNonQuery() > 0;
        });
    }

    private GrainRegistration? RegisterOne(SqliteCommand command, GrainAddress address)
    {
        command.Parameters["grain"].Value = address.GrainId.ToString();
        command.Parameters["silo"].Value = address.SiloAddress!.ToParsableString();
        command.Parameters["activation"].Value = KeyOf(address);
        command.Parameters["version"].Value = address.MembershipVersion.Value;
        using var other = command.Connection!.CreateCommand();
        other.Transaction = command.Transaction;
        if (command.ExecuteScalar() is not null)
        {
            other.CommandText = NextToken;
            return new GrainRegistration(address, (long)other.ExecuteScalar()!);
        }

        other.CommandText = Lookup;
        other.Add("cluster", ClusterId).Add("grain", address.GrainId.ToString());
        using var reader = other.ExecuteReader();
        return reader.Read() ? new GrainRegistration(ReadAddress(reader), 0) : null;
    }

    private Task<IReadOnlyList<TResult>> RunAsync<TRequest, TResult>(
        string text,
        string[] parameters,
        IReadOnlyList<TRequest> requests,
        Func<SqliteCommand, TRequest, TResult> run)
    {
        return Database.RunAsync<IReadOnlyList<TResult>>(
            async connection =>
            {
                await using var transaction = ((SqliteConnection)connection).BeginTransaction(deferred: false);
                await using var command = ((SqliteConnection)connection).CreateCommand();
                command.CommandText = text;
                command.Transaction = transaction;
                command.Add("cluster", ClusterId);
                foreach (var parameter in parameters)
                {
                    command.Add(parameter, DBNull.Value);
                }

                TResult[] results = [.. requests.Select(request => run(command, request))];
                await transaction.CommitAsync();
                return results;
            },
            CancellationToken.None);
    }
}
