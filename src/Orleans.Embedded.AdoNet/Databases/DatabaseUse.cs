namespace Orleans.Embedded.AdoNet;

/// <summary>What a database is used for.</summary>
internal enum DatabaseUse
{
    /// <summary>Grain state: an answer means that the write survives any crash.</summary>
    State,

    /// <summary>
    /// Membership and directory: they need not outlive the host that the database is on, if its silos do not either;
    /// an answer that does not come soon is given up.
    /// </summary>
    Cluster,
}
