using Orleans.Runtime;

namespace Orleans.Embedded.AdoNet;

/// <summary>
/// The version of the tables. They are made and never altered, so tables of another version are refused. SQLite keeps the
/// number as the file's <c>user_version</c>, PostgreSQL in the comment of <c>cluster_silo</c>.
/// </summary>
internal static class SchemaVersion
{
    /// <summary>What the scripts make. Each change of a table raises it, here and in the scripts.</summary>
    public const long Current = 1;

    /// <param name="found">The version of the tables there are; null if there are none.</param>
    /// <exception cref="OrleansConfigurationException">It is not the current one.</exception>
    public static void Check(long? found)
    {
        if (found is null or Current)
        {
            return;
        }

        var todo = found < Current
            ? "Stop all silos, drop the tables cluster_version, cluster_silo, cluster_lease and grain_directory, and start "
                + "again: they are made anew and lose nothing that outlives the silos. Leave grain_state and "
                + "grain_fencing_token as they are."
            : "A later version of the program made them: start that one.";
        throw new OrleansConfigurationException(
            $"The tables of the cluster's database have version {found}; this program works with version {Current}. {todo}");
    }
}
