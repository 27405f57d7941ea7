namespace BTTInferGrid.Silo.Configuration;

/// <summary>What the process runs with: flag over environment over silo.json over default, every path absolute.</summary>
/// <param name="Home">Folder for the grid's state.</param>
/// <param name="Path">The configuration file.</param>
/// <param name="File">The configuration, checked.</param>
/// <param name="LogLevel">From which level on the log is written.</param>
internal sealed record SiloSettings(string Home, string Path, SiloFile File, LogLevel LogLevel);
