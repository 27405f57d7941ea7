using System.Globalization;
using BTTInferGrid.Silo.Catalogue;
using BTTInferGrid.Silo.Files;
using BTTInferGrid.Silo.Hosting;

namespace BTTInferGrid.Silo.Configuration;

/// <summary>Puts the settings together from command line, environment, silo.json and defaults, in this order.</summary>
internal static class SettingsLoader
{
    private const string FileName = "silo.json";

    /// <summary>Loads and checks them.</summary>
    /// <param name="flags">What the command line sets.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="terminal">A person looks on, who wants to hear of warnings only.</param>
    /// <exception cref="ConfigurationException">Something is wrong or missing.</exception>
    public static SiloSettings Load(SettingsFlags flags, Func<string, string?> environment, bool terminal = false)
    {
        var source = JsonFile<SiloFile>.Read(
            FindFile(flags.Config ?? environment("BTTGRID_CONFIG")), SiloFileContext.Default.SiloFile);
        var folder = Path.GetDirectoryName(source.Path)!;
        var file = source.Value with
        {
            Models = [.. source.Value.Models.Select(model => model with { File = Path.GetFullPath(model.File, folder) })],
            Front = source.Value.Front with
            {
                CertificateFile = source.Value.Front.CertificateFile is { } certificate ? Path.GetFullPath(certificate, folder) : null,
                KeyFile = source.Value.Front.KeyFile is { } key ? Path.GetFullPath(key, folder) : null,
            },
            Cluster = flags.InCluster ? ClusterOf(source.Value.Cluster, folder, environment("BTTGRID_DATABASE")) : null,
        };
        var check = new FieldCheck(source.Wrong);
        SiloFileValidator.Validate(file, check);

        if ((Number(flags.Port, "--port", 0, SiloFileValidator.MaxPort)
            ?? Number(environment("BTTGRID_PORT"), "BTTGRID_PORT", 0, SiloFileValidator.MaxPort)) is { } port)
        {
            file = file with { Front = file.Front with { Port = port } };
        }

        if (Number(flags.Miners, "--miners", 1, SiloFileValidator.MaxMiners) is { } count && file.Miner is { } miner)
        {
            file = file with { Miner = miner with { Count = count } };
        }

        var home = HomeFolder.Find(flags.Home, environment);
        file = ModelChoice.Apply(file, flags, environment, new ModelStore(flags.ModelsHome ?? home), check);
        return new SiloSettings(home, source.Path, file, LevelOf(flags, environment, terminal));
    }

    private static ClusterSection? ClusterOf(ClusterSection? cluster, string folder, string? database)
    {
        if (!string.IsNullOrEmpty(database))
        {
            cluster = (cluster ?? new ClusterSection()) with { Database = database };
        }

        return cluster is { Tls: { } tls }
            ? cluster with
            {
                Tls = new TlsSection
                {
                    Certificate = Path.GetFullPath(tls.Certificate, folder),
                    Key = Path.GetFullPath(tls.Key, folder),
                    Authority = Path.GetFullPath(tls.Authority, folder),
                },
            }
            : cluster;
    }

    /// <summary>The named file; else silo.json of the current folder; else the one that ships beside the program.</summary>
    private static string FindFile(string? named)
    {
        if (!string.IsNullOrEmpty(named))
        {
            var path = Path.GetFullPath(named);
            return File.Exists(path) ? path : throw new ConfigurationException($"There is no configuration file {path}.");
        }

        string[] candidates = [Path.GetFullPath(FileName), Path.Combine(AppContext.BaseDirectory, FileName)];
        return candidates.FirstOrDefault(File.Exists)
            ?? throw new ConfigurationException($"No {FileName} was found; name one with --config. Looked at: {string.Join(", ", candidates)}.");
    }

    private static LogLevel LevelOf(SettingsFlags flags, Func<string, string?> environment, bool terminal)
    {
        var (text, source) = flags.LogLevel is { Length: > 0 } flag
            ? (flag, "--log-level")
            : (environment(HostLogging.Variable), HostLogging.Variable);
        return string.IsNullOrEmpty(text) ? terminal ? LogLevel.Warning : LogLevel.Information
            : !int.TryParse(text, out _) && Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) ? level
            : throw new ConfigurationException(
                $"{source} is '{text}'; it must be one of {string.Join(", ", Enum.GetNames<LogLevel>()).ToLowerInvariant()}.");
    }

    private static int? Number(string? text, string source, int min, int max)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new ConfigurationException($"{source} is '{text}'; it must be a number, {min} to {max}.");
    }
}
