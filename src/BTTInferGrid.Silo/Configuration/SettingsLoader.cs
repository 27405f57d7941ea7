using System.Globalization;
using System.Text.Json;

namespace BTTInferGrid.Silo.Configuration;

/// <summary>Puts the settings together from command line, environment, silo.json and defaults, in this order.</summary>
internal static class SettingsLoader
{
    private const string FileName = "silo.json";

    /// <exception cref="ConfigurationException">Something is wrong or missing.</exception>
    public static SiloSettings Load(SettingsFlags flags, Func<string, string?> environment)
    {
        var path = FindFile(flags.Config ?? environment("BTTGRID_CONFIG"));
        var file = Read(path);
        if ((PortOf(flags.Port, "--port") ?? PortOf(environment("BTTGRID_PORT"), "BTTGRID_PORT")) is { } port)
        {
            file = file with { Front = file.Front with { Port = port } };
        }

        if (environment("BTTGRID_DATABASE") is { Length: > 0 } database)
        {
            file = file with { Cluster = (file.Cluster ?? new ClusterSection()) with { Database = database } };
        }

        if (flags.Miners is { } count && file.Miner is { } miner)
        {
            file = file with { Miner = miner with { Count = count } };
        }

        var folder = Path.GetDirectoryName(path)!;
        file = file with
        {
            Models = [.. file.Models.Select(model => model with { File = Path.GetFullPath(model.File, folder) })],
            Cluster = file.Cluster is { SecretFile: { } secret } cluster
                ? cluster with { SecretFile = Path.GetFullPath(secret, folder) }
                : file.Cluster,
        };

        SiloFileValidator.Validate(file, path);
        return new SiloSettings(HomeOf(flags.Home ?? environment("BTTGRID_HOME"), environment), path, file);
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

    private static SiloFile Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize(stream, SiloFileContext.Default.SiloFile)
                ?? throw new ConfigurationException($"{path} holds 'null'; it must hold an object.");
        }
        catch (JsonException error)
        {
            var line = error.LineNumber is { } number ? $" line {number + 1}" : "";
            throw new ConfigurationException($"{path}{line}, at {error.Path ?? "$"}: {FirstSentence(error.Message)}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path} cannot be read: {error.Message}", error);
        }
    }

    // The serializer appends path and line, which the message already begins with.
    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(" Path:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private static int? PortOf(string? text, string source)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port <= SiloFileValidator.MaxPort
            ? port
            : throw new ConfigurationException(
                $"{source} is '{text}'; it must be a port number, 0 to {SiloFileValidator.MaxPort}.");
    }

    private static string HomeOf(string? named, Func<string, string?> environment)
    {
        if (!string.IsNullOrEmpty(named))
        {
            return Path.GetFullPath(named);
        }

        var data = environment("XDG_DATA_HOME") is { Length: > 0 } xdg
            ? xdg
            : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(Path.GetFullPath(data), "bttgrid");
    }
}
