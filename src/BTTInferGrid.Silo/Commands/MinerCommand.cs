using System.CommandLine;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Hosting;

namespace BTTInferGrid.Silo.Commands;

/// <summary><c>bttgrid miner join</c>: serves a grid with the engine of this machine.</summary>
internal static class MinerCommand
{
    public static Command Create()
    {
        var gateway = new Option<string?>("--gateway")
        {
            Description = "Address of the grid, such as https://grid.example; miner.gateway of the configuration by default.",
        };
        var withParent = new Option<bool>("--with-parent")
        {
            Description = "End when standard input does: for whoever starts miners.",
            Hidden = true,
        };
        var join = new Command("join", "Joins a grid as a miner and serves it until it is stopped.") { gateway, withParent };
        var settings = new SettingsOptions().AddTo(join, listens: false, startsMiners: false);
        join.SetAction((parsed, _) => GridCommand.RunAsync(parsed, _ =>
        {
            var loaded = settings.Load(parsed);
            return MinerHost.RunAsync(loaded, GatewayOf(parsed.GetValue(gateway), loaded), parsed.GetValue(withParent));
        }));
        return new Command("miner", "Mining.") { join };
    }

    private static Uri GatewayOf(string? flag, SiloSettings settings)
    {
        var text = flag ?? settings.File.Miner?.Gateway ?? throw new ConfigurationException(
            $"Which grid? Say --gateway https://…, or set miner.gateway in {settings.Path}.");
        return Gateways.TryParse(text, out var gateway)
            ? gateway
            : throw new ConfigurationException($"'{text}' is not the address of a grid, such as https://grid.example.");
    }
}
