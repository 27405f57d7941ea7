using System.CommandLine;
using System.Globalization;
using BTTInferGrid.Silo.Client;
using BTTInferGrid.Silo.Terminal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace BTTInferGrid.Silo.Commands;

/// <summary><c>bttgrid ps</c>: what a grid serves, and how its miners are.</summary>
internal static class PsCommand
{
    public static Command Create()
    {
        var command = new Command("ps", "Shows a running grid: its models and its miners, with states, speeds and jobs.");
        var grid = new GridOptions(command);
        command.SetAction((parsed, cancellationToken) => GridCommand.RunAsync(parsed, async output =>
        {
            using var client = grid.Connect(parsed);
            var status = new StatusDocument(
                client.Url, await client.ModelsAsync(cancellationToken), await client.MinersAsync(cancellationToken));
            output.Write(status, ResultJson.Default.StatusDocument, text => Render(output, text));
        }));
        return command;
    }

    private static Rows Render(Output output, StatusDocument status)
    {
        var models = output.Table("MODEL", "ACTIVE MINERS", "CONTEXT", "ASK (PROMPT/OUTPUT)", "PROFILE");
        foreach (var model in status.Models)
        {
            Tables.Row(models, model.Id, Text(model.ActiveMiners), Text(model.ContextTokens), Asks(model), Short(model.Profile));
        }

        var miners = output.Table(
            "MINER", "MODEL", "STATE", "REASON", "RUNNING", "WAITING", "READ TOK/S", "WRITE TOK/S", "DONE", "FAILED", "BACKEND");
        foreach (var miner in status.Miners)
        {
            Tables.Row(
                miners, Short(miner.Id), miner.Model, miner.State, miner.Reason, $"{Text(miner.Running)}/{Text(miner.Slots)}", Text(miner.Waiting),
                Speed(miner.Speed.PrefillTokensPerSecond), Speed(miner.Speed.DecodeTokensPerSecond), Text(miner.Jobs.Completed),
                Text(miner.Jobs.Failed), miner.Backend);
        }

        IRenderable list = status.Miners.Count == 0
            ? new Text($"No miner: bttgrid miner join --front {status.Url.GetLeftPart(UriPartial.Authority)}")
            : miners;
        return new Rows(new Text($"Grid at {status.Url.GetLeftPart(UriPartial.Authority)}"), Spectre.Console.Text.Empty, models, Spectre.Console.Text.Empty, list);
    }

    private static string Asks(ServedModelDocument model) => (model.LowestAsk, model.HighestAsk) switch
    {
        ({ } low, { } high) when low != high => $"{Ask(low)} to {Ask(high)}",
        ({ } low, _) => Ask(low),
        _ => "-",
    };

    private static string Ask(AskDocument ask) => $"{Text(ask.Prompt)}/{Text(ask.Output)}";

    private static string Speed(double speed) => speed > 0 ? speed.ToString("F0", CultureInfo.InvariantCulture) : "-";

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    // As much of a hash as tells it from the others; --format json has all of it.
    private static string Short(string id) => id.Length > 12 ? id[..12] : id;
}
