namespace BTTInferGrid.Silo.Configuration;

/// <summary>Where the state is: flag, environment, or the place that the system has for data of programs.</summary>
internal static class HomeFolder
{
    public static string Find(string? flag, Func<string, string?> environment)
    {
        var named = flag ?? environment("BTTGRID_HOME");
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
