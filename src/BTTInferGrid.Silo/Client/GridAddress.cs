using BTTInferGrid.Front.Keys;
using BTTInferGrid.Silo.Commands;
using BTTInferGrid.Silo.Configuration;

namespace BTTInferGrid.Silo.Client;

/// <summary>Where a command finds its grid and the key for it.</summary>
internal static class GridAddress
{
    /// <summary>In a home folder: where the grid listens that runs with it.</summary>
    public const string FileName = "url";

    private const string Default = "http://127.0.0.1:8080";
    private const int MaxKeyBytes = 4096;

    /// <summary>Flag, environment, what the grid of the home folder has written there, default.</summary>
    /// <exception cref="ConfigurationException">It is no address.</exception>
    public static Uri UrlOf(string? flag, string home, Func<string, string?> environment)
    {
        var text = flag ?? (environment("BTTGRID_URL") is { Length: > 0 } variable ? variable : null) ?? Running(home) ?? Default;
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? new Uri(url.GetLeftPart(UriPartial.Authority))
            : throw new ConfigurationException($"'{text}' is not the address of a grid, such as {Default}.");
    }

    /// <summary>The key in the file that is named, or in the home folder.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static string KeyOf(string? flag, string home, Func<string, string?> environment)
    {
        var path = flag ?? (environment("BTTGRID_KEY_FILE") is { Length: > 0 } variable ? variable : null) ?? Path.Combine(home, "dev-key");
        try
        {
            var key = new FileInfo(path).Length <= MaxKeyBytes ? File.ReadAllText(path).Trim() : "";
            return ApiKey.IsWellFormed(key)
                ? key
                : throw new CommandException(ExitCode.Failure, "wrong_key_file", $"{path} does not hold an API key.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                ExitCode.Failure,
                "no_key_file",
                $"There is no API key in {path}. Say where one is with --key-file, or the home folder of the grid with --home.",
                error);
        }
    }

    private static string? Running(string home)
    {
        var path = Path.Combine(home, FileName);
        return File.Exists(path) && new FileInfo(path).Length <= MaxKeyBytes ? File.ReadAllText(path).Trim() : null;
    }
}
