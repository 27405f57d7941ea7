using System.CommandLine;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Hosting;

namespace BTTInferGrid.Silo.Commands;

/// <summary><c>bttgrid miner join</c>: serves a grid with the engine of this machine.</summary>
internal static class MinerCommand
{
    public static Command Create()
    {
        var fronts = new Option<string[]>("--front")
        {
            Description = "Address of a front of the grid, such as https://grid.example; may be given several times. miner.fronts by default.",
        };
        var withParent = new Option<bool>("--with-parent")
        {
            Description = "End when standard input does: for whoever starts miners.",
            Hidden = true,
        };
        var join = new Command("join", "Joins a grid as a miner and serves it until it is stopped.") { fronts, withParent };
        var settings = new SettingsOptions().AddTo(join, listens: false, startsMiners: false);
        join.SetAction((parsed, _) => GridCommand.RunAsync(parsed, _ =>
        {
            var loaded = settings.Load(parsed);
            return NodeHost.RunAsync(loaded, FrontsOf(parsed.GetValue(fronts) ?? [], loaded), parsed.GetValue(withParent));
        }));
        return new Command("miner", "Mining.") { join };
    }

    private static List<Uri> FrontsOf(string[] flags, SiloSettings settings)
    {
        var texts = flags.Length > 0 ? flags : settings.File.Miner?.Fronts ?? [];
        if (texts.Count == 0)
        {
            throw new ConfigurationException(
                $"The grid to join is missing. Pass --front https://grid.example, or set miner.fronts in {settings.Path}.");
        }

        return [.. texts.Select(static text => FrontAddress.TryParse(text, out var front)
            ? front
            : throw new ConfigurationException($"'{text}' is not the address of a front, such as https://grid.example."))];
    }
}
