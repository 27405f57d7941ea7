namespace BTTInferGrid.Silo.Configuration;

/// <summary>What the command line sets; null where it says nothing.</summary>
/// <param name="Port">Port of the HTTP API.</param>
/// <param name="Home">Folder for the grid's state.</param>
/// <param name="Config">Configuration file.</param>
/// <param name="Miners">Miner processes of a local grid.</param>
/// <param name="Model">The one model to serve.</param>
/// <param name="LogLevel">From which level on the log is written.</param>
/// <param name="ModelsHome">Home folder whose added models are known; <see cref="Home"/> by default.</param>
/// <param name="InCluster">Whether the program is a part of a cluster, if silo.json describes one.</param>
internal sealed record SettingsFlags(
    string? Port = null, string? Home = null, string? Config = null, string? Miners = null, string? Model = null,
    string? LogLevel = null, string? ModelsHome = null, bool InCluster = true);
