using System.Globalization;

namespace BTTInferGrid.Bench.Compare;

/// <summary>
/// Our engine, or a whole grid, beside a running llama-server with the same model file: every scenario on both, one after the other in each
/// round, so that a machine whose speed drifts is fair to both. The ratio is taken round by round.
/// </summary>
internal static class CompareBench
{
    public static async Task RunAsync(CompareOptions options)
    {
        await using var engine = EngineTarget.Load(options);
        using var grid = options.Grid is { } address
            ? new GridTarget(address, options.GridKey, options.GridModel, options.GridProcesses, engine.Vocabulary)
            : null;
        ITarget ours = grid is null ? engine : grid;
        using var server = options.Server is { } url ? new LlamaServerTarget(url, options.ServerProcess) : null;
        var scenarios = new Scenarios(engine.Vocabulary, options.OutputTokens);
        Console.WriteLine(
            $"{Path.GetFileName(options.Model)}, {options.Threads} thread(s), {options.OutputTokens} output tokens, {options.Rounds} rounds");
        Console.WriteLine();
        Console.WriteLine($"| | unit | {ours.Name}, median [min-max] | llama-server | {ours.Name} / llama-server |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var scenario in scenarios.All().Where(scenario => scenario.Rows.Any(IsAskedFor)))
        {
            await CompareAsync(scenario, ours, server, options.Rounds);
        }

        bool IsAskedFor(Row row) => row.Name.Contains(options.Only, StringComparison.Ordinal);
    }

    private static async Task CompareAsync(Scenario scenario, ITarget target, ITarget? server, int rounds)
    {
        var ours = new List<double[]>();
        var theirs = new List<double[]>();
        for (var round = -1; round < rounds; round++)
        {
            // The first round only warms up.
            var own = await scenario.MeasureAsync(target);
            var other = server is null ? [.. own.Select(_ => double.NaN)] : await scenario.MeasureAsync(server);
            if (round >= 0)
            {
                ours.Add(own);
                theirs.Add(other);
            }
        }

        for (var i = 0; i < scenario.Rows.Count; i++)
        {
            Print(scenario.Rows[i], ours.ConvertAll(figures => figures[i]), theirs.ConvertAll(figures => figures[i]));
        }
    }

    private static void Print(Row row, List<double> ours, List<double> theirs)
    {
        var ratio = Percentiles.Of(ours.Zip(theirs, (own, other) => own / other)).Spread("F2");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {row.Name} | {row.Unit} | {Show(ours)} | {Show(theirs)} | {ratio} |"));
    }

    private static string Show(List<double> values) =>
        Percentiles.Of(values).Spread(values.Max() >= 100 ? "F0" : "F2");
}
