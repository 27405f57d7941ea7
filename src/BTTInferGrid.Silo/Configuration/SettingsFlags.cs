namespace BTTInferGrid.Silo.Configuration;

/// <summary>What the command line sets; null where it says nothing.</summary>
/// <param name="Port">Port of the HTTP API.</param>
/// <param name="Home">Folder for the grid's state.</param>
/// <param name="Config">Configuration file.</param>
/// <param name="Miners">Miner processes of a local grid.</param>
internal sealed record SettingsFlags(string? Port = null, string? Home = null, string? Config = null, int? Miners = null);
