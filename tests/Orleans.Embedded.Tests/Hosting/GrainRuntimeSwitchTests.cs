using System.Text.Json;

namespace Orleans.Embedded.Tests.Hosting;

/// <summary>The property GrainRuntime puts Microsoft Orleans in the place of the embedded runtime.</summary>
public sealed class GrainRuntimeSwitchTests
{
    [Fact]
    public async Task GrainRuntime_Orleans_IsPackagesAndNotThisRuntime()
    {
        var (packages, projects) = await ReferencesAsync("Orleans");

        Assert.Superset(
            new HashSet<string>
            {
                "Microsoft.Orleans.Sdk", "Microsoft.Orleans.Server", "Microsoft.Orleans.Clustering.AdoNet",
                "Microsoft.Orleans.Persistence.AdoNet",
            },
            packages);
        Assert.DoesNotContain("Orleans.Embedded", projects);
        Assert.DoesNotContain("Orleans.Embedded.AdoNet", projects);
    }

    [Fact]
    public async Task GrainRuntime_Embedded_IsThisRuntimeAndNoPackages()
    {
        var (packages, projects) = await ReferencesAsync("Embedded");

        Assert.DoesNotContain(packages, static name => name.StartsWith("Microsoft.Orleans.", StringComparison.Ordinal));
        Assert.Superset(new HashSet<string> { "Orleans.Embedded", "Orleans.Embedded.AdoNet" }, projects);
    }

    /// <summary>What a project that uses grains and databases refers to.</summary>
    private static async Task<(HashSet<string> Packages, HashSet<string> Projects)> ReferencesAsync(string runtime)
    {
        var project = Path.Combine(RepositoryRoot(), "bench", "Orleans.Embedded.Chaos");
        await using var build = new ChildProcess(
            "msbuild", [project, "-getItem:PackageReference", "-getItem:ProjectReference", $"-p:GrainRuntime={runtime}"]);
        Assert.True(await build.WaitForExitAsync() == 0, build.Output + build.Log);
        using var evaluated = JsonDocument.Parse(build.Output);
        var items = evaluated.RootElement.GetProperty("Items");
        return (
            NamesOf(items.GetProperty("PackageReference")),
            [.. NamesOf(items.GetProperty("ProjectReference")).Select(static path => Path.GetFileNameWithoutExtension(path)!)]);
    }

    private static HashSet<string> NamesOf(JsonElement items)
    {
        return [.. items.EnumerateArray().Select(static item => item.GetProperty("Identity").GetString()!)];
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run in a checkout.");
        }

        return folder.FullName;
    }
}
