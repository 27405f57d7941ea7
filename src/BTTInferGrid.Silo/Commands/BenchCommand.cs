using System.CommandLine;
using System.Globalization;
using BTTInferGrid.Silo.Bench;
using BTTInferGrid.Silo.Terminal;
using Spectre.Console;

namespace BTTInferGrid.Silo.Commands;

/// <summary><c>bttgrid bench</c>: how fast a running grid is, as its clients see it.</summary>
internal static class BenchCommand
{
    private const int MaxStreams = 1024;
    private const int MaxRounds = 1000;
    private const int MaxTokens = 10_000_000;

    public static Command Create()
    {
        var model = new Option<string?>("--model") { Description = "Model to ask; the first that has a miner, by default." };
        var streams = new Option<int[]>("--streams")
        {
            Description = "Requests at the same time; several numbers are measured in turn.",
            DefaultValueFactory = static _ => [1, 8, 32],
            AllowMultipleArgumentsPerToken = true,
        };
        var rounds = new Option<int>("--rounds") { Description = "How often each is measured.", DefaultValueFactory = static _ => 3 };
        var tokens = new Option<int>("--tokens")
        {
            Description = "Output tokens of a round, at least.",
            DefaultValueFactory = static _ => 2000,
        };
        var command = new Command("bench", "Measures a running grid with concurrent streams.") { model, streams, rounds, tokens };
        var grid = new GridOptions(command);
        command.SetAction((parsed, _) => GridCommand.RunAsync(parsed, async output =>
        {
            using var interrupt = new Interrupt();
            using var client = grid.Connect(parsed);
            var (counts, times, size) = (parsed.GetRequiredValue(streams), parsed.GetValue(rounds), parsed.GetValue(tokens));
            Array.ForEach(counts, static count => Require(count, MaxStreams, "--streams"));
            Require(times, MaxRounds, "--rounds");
            Require(size, MaxTokens, "--tokens");

            var asked = parsed.GetValue(model) ?? await ChatCommand.ModelOfAsync(client, interrupt.Token);
            var bench = new GridBench(client, asked, TimeProvider.System);

            // The first answers find nothing compiled and nothing cached; they are not what is asked for.
            await bench.MeasureAsync(Math.Min(8, counts.Max()), 1, 1, interrupt.Token);
            var rows = new List<BenchRow>();
            foreach (var count in counts)
            {
                output.Note($"{count} stream{(count == 1 ? "" : "s")}: {times} rounds of {size} tokens…");
                rows.Add(await bench.MeasureAsync(count, times, size, interrupt.Token));
            }

            output.Write(
                new BenchDocument(client.Url, asked, times, size, rows), ResultJson.Default.BenchDocument, text => Render(output, text));
        }));
        return command;
    }

    private static Table Render(Output output, BenchDocument bench)
    {
        var table = output.Table(
            "STREAMS", "ANSWERS", "TOKENS/S [LOWEST-HIGHEST]", "FIRST TEXT P50 / P99 MS", "BETWEEN PIECES P50 / P99 MS");
        foreach (var row in bench.Results)
        {
            Tables.Row(
                table,
                Text(row.Streams, "F0"),
                Text(row.Answers, "F0"),
                $"{Text(row.TokensPerSecond, "F0")} [{Text(row.TokensPerSecondLowest, "F0")}-{Text(row.TokensPerSecondHighest, "F0")}]",
                $"{Text(row.FirstTextP50, "F2")} / {Text(row.FirstTextP99, "F2")}",
                row is { GapP50: { } half, GapP99: { } most } ? $"{Text(half, "F2")} / {Text(most, "F2")}" : "-");
        }

        return table;
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static void Require(int value, int max, string option)
    {
        if (value < 1 || value > max)
        {
            throw new CommandException(ExitCode.WrongUsage, "invalid_value", $"{option} is {value}; it must be between 1 and {max}.");
        }
    }
}
