namespace Orleans.Configuration;

/// <summary>A store of grain state in a database.</summary>
public class AdoNetGrainStorageOptions
{
    /// <summary>The value of <see cref="InitStage"/> unless set.</summary>
    public const int DEFAULT_INIT_STAGE = ServiceLifecycleStage.ApplicationServices;

    /// <summary>How the database is reached, in the words of its driver.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The driver: "Npgsql" for PostgreSQL or "Microsoft.Data.Sqlite" for SQLite.</summary>
    public string Invariant { get; set; } = string.Empty;

    /// <summary>The lifecycle stage at which the table is made if it is missing.</summary>
    public int InitStage { get; set; } = DEFAULT_INIT_STAGE;
}
