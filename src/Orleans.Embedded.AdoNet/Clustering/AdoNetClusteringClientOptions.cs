namespace Orleans.Configuration;

/// <summary>The database by which a client finds the silos of a cluster and their grains.</summary>
public class AdoNetClusteringClientOptions
{
    /// <summary>How the database is reached, in the words of its driver.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The driver: "Npgsql" for PostgreSQL or "Microsoft.Data.Sqlite" for SQLite.</summary>
    public string Invariant { get; set; } = string.Empty;
}
