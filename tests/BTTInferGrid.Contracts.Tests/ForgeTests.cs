using System.Globalization;
using System.Text.Json;

namespace BTTInferGrid.Contracts.Tests;

/// <summary>What forge says of the contracts. Its own tests are in contracts/test.</summary>
public sealed class ForgeTests
{
    private const double LeastCoverage = 0.95;

    /// <summary>Unit tests, fuzz tests and invariants; and gas must be what contracts/snapshots say.</summary>
    [Fact]
    public async Task Test_OfAllContracts_PassesWithTheGasOfTheSnapshots()
    {
        var (exitCode, output) = await Forge.RunAsync(["test"], ("FORGE_SNAPSHOT_CHECK", "true"));

        Assert.True(exitCode == 0, output);
        Assert.Contains(" 0 failed, 0 skipped", output, StringComparison.Ordinal);
    }

    /// <summary>
    /// The budgets are for calls on storage that is in use. New storage costs what the EVM asks for it, which no contract can
    /// save: those figures are in the snapshots, too.
    /// </summary>
    [Theory]
    [InlineData("PaymentEscrow", "collect", 90_000)]
    [InlineData("EpochRewards", "propose with 3 signatures", 150_000)]
    [InlineData("EpochRewards", "claim", 80_000)]
    public void Gas_OfTheSnapshots_IsWithinItsBudget(string contract, string call, int budget)
    {
        using var snapshot = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Forge.Folder, "snapshots", $"{contract}.json")));

        Assert.InRange(int.Parse(snapshot.RootElement.GetProperty(call).GetString()!, CultureInfo.InvariantCulture), 21_000, budget);
    }

    [Fact]
    public async Task Build_OfAllContracts_FitsTheLimitsOfTheChain()
    {
        var (exitCode, output) = await Forge.RunAsync(["build", "src", "--sizes"]);

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task Format_IsTheOneOfForge()
    {
        var (exitCode, output) = await Forge.RunAsync(["fmt", "--check"]);

        Assert.True(exitCode == 0, output);
    }

    /// <summary>Without the gas tests, since code that counts what runs costs more.</summary>
    [Fact]
    public async Task Coverage_OfEachContract_IsEnough()
    {
        var report = Path.Combine(Path.GetTempPath(), $"bttgrid-coverage-{Guid.NewGuid():N}.info");
        try
        {
            var (exitCode, output) = await Forge.RunAsync(
                ["coverage", "--report", "lcov", "--report-file", report, "--no-match-test", "invariant|test_Gas"]);
            Assert.True(exitCode == 0, output);

            var files = Coverage(await File.ReadAllLinesAsync(report))
                .Where(static one => one.File.StartsWith("src/", StringComparison.Ordinal)).ToArray();
            Assert.NotEmpty(files);
            Assert.All(files, static one => Assert.True(
                one.Lines >= LeastCoverage && one.Branches >= LeastCoverage, $"{one.File}: lines {one.Lines:P1}, branches {one.Branches:P1}"));
        }
        finally
        {
            File.Delete(report);
        }
    }

    // LF and LH are the lines of a file and those that ran, BRF and BRH its branches.
    private static IEnumerable<(string File, double Lines, double Branches)> Coverage(IEnumerable<string> report)
    {
        var counts = new Dictionary<string, double>();
        var file = "";
        foreach (var line in report)
        {
            var (name, value) = line.Split(':', 2) is [var first, var second] ? (first, second) : (line, "");
            switch (name)
            {
                case "SF":
                    (file, counts) = (value, []);
                    break;
                case "LF" or "LH" or "BRF" or "BRH":
                    counts[name] = double.Parse(value, CultureInfo.InvariantCulture);
                    break;
                case "end_of_record":
                    yield return (file, Part(counts, "LH", "LF"), Part(counts, "BRH", "BRF"));
                    break;
            }
        }
    }

    private static double Part(Dictionary<string, double> counts, string hit, string found) =>
        counts.GetValueOrDefault(found) == 0 ? 1 : counts[hit] / counts[found];
}
