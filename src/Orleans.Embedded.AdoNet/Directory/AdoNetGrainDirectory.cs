using System.Data.Common;
using System.Text;
using Orleans.Embedded.Directory;
using Orleans.Runtime;

namespace Orleans.Embedded.AdoNet;

/// <summary>
/// The grain directory of a cluster in a database. Each kind of request is batched. Rows of silos without a lease count
/// as absent: nobody sees them, and who registers replaces them.
/// </summary>
internal abstract class AdoNetGrainDirectory : IGrainDirectoryStore, IDisposable
{
    protected const string HasLease =
        "exists (select 1 from cluster_lease l where l.cluster_id = d.cluster_id and l.silo = d.silo)";

    private const int PurgeAtOnce = 1000;

    /// <summary>Less than what the index of the table takes, whatever the cluster is called.</summary>
    private const int MaxIdBytes = 2000;
    private readonly DirectoryBatcher<GrainId, GrainAddress?> _lookups;
    private readonly DirectoryBatcher<GrainAddress, GrainRegistration?> _registrations;
    private readonly DirectoryBatcher<GrainAddress, bool> _removals;

    protected AdoNetGrainDirectory(Database database, string clusterId)
    {
        (Database, ClusterId) = (database, clusterId);
        _lookups = new(static grain => grain.ToString(), LookupAsync);
        _registrations = new(static address => address.GrainId.ToString(), RegisterAsync);
        _removals = new(static address => address.GrainId.ToString(), RemoveAsync);
    }

    protected Database Database { get; }

    protected string ClusterId { get; }

    public static AdoNetGrainDirectory Create(Database database, string clusterId)
    {
        return database is PostgresDatabase
            ? new PostgresGrainDirectory(database, clusterId)
            : new SqliteGrainDirectory(database, clusterId);
    }

    public ValueTask<GrainAddress?> LookupAsync(GrainId grainId, CancellationToken cancellationToken)
    {
        CheckId(grainId);
        return new ValueTask<GrainAddress?>(_lookups.AddAsync(grainId, cancellationToken));
    }

    public async ValueTask<GrainRegistration> RegisterAsync(
        GrainAddress address, GrainAddress? previous, CancellationToken cancellationToken)
    {
        CheckId(address.GrainId);
        if (previous is not null)
        {
            await UnregisterAsync(previous, cancellationToken);
        }

        while (true)
        {
            // Null when the row that was in the way is gone meanwhile.
            if (await _registrations.AddAsync(address, cancellationToken) is { } registration)
            {
                return registration;
            }
        }
    }

    public async ValueTask UnregisterAsync(GrainAddress address, CancellationToken cancellationToken)
    {
        CheckId(address.GrainId);
        await _removals.AddAsync(address, cancellationToken);
    }

    /// <summary>Removes the rows of a silo that is dead, some at a time so that nobody waits for them.</summary>
    public async Task PurgeAsync(SiloAddress silo, CancellationToken cancellationToken)
    {
        var purge =
            $"""
            delete from grain_directory where cluster_id = @cluster and silo = @silo and grain_id in (
                select grain_id from grain_directory d where cluster_id = @cluster and silo = @silo and not {HasLease}
                limit {PurgeAtOnce} {Database.SkipLocked})
            """;
        var removed = PurgeAtOnce;
        while (removed == PurgeAtOnce)
        {
            removed = await Database.ChangeAsync(
                command =>
                {
                    command.CommandText = purge;
                    command.Add("cluster", ClusterId).Add("silo", silo.ToParsableString());
                },
                static async reader =>
                {
                    await reader.ReadAsync();
                    return reader.RecordsAffected;
                },
                cancellationToken);
        }
    }

    public void Dispose()
    {
        Database.Dispose();
    }

    protected static GrainAddress ReadAddress(DbDataReader reader)
    {
        return new GrainAddress
        {
            GrainId = GrainId.Parse(reader.GetString(0)),
            SiloAddress = SiloAddress.FromParsableString(reader.GetString(1)),
            ActivationId = new ActivationId(reader.GetGuid(2)),
            MembershipVersion = new MembershipVersion(reader.GetInt64(3)),
        };
    }

    protected static Guid KeyOf(GrainAddress address)
    {
        return Guid.ParseExact(address.ActivationId.ToParsableString().AsSpan(1), "N");
    }

    /// <summary>
    /// A batch fails as a whole, so one grain whose id the database does not take would fail the requests of others.
    /// </summary>
    /// <exception cref="ArgumentException">The id cannot be stored.</exception>
    private static void CheckId(GrainId grain)
    {
        var id = grain.ToString();
        if (id.Contains('\0') || Encoding.UTF8.GetByteCount(id) > MaxIdBytes)
        {
            throw new ArgumentException(
                $"A grain id must be without the character 0, and have at most {MaxIdBytes} bytes, to stand in the "
                + "directory. Choose another key.");
        }
    }

    /// <summary>The rows of grains, in their order; null where there is none.</summary>
    protected abstract Task<IReadOnlyList<GrainAddress?>> LookupAsync(IReadOnlyList<GrainId> grains);

    /// <summary>Adds rows; null where another row was in the way that is gone meanwhile.</summary>
    protected abstract Task<IReadOnlyList<GrainRegistration?>> RegisterAsync(IReadOnlyList<GrainAddress> addresses);

    /// <summary>Removes the rows that name these activations.</summary>
    protected abstract Task<IReadOnlyList<bool>> RemoveAsync(IReadOnlyList<GrainAddress> addresses);
}
