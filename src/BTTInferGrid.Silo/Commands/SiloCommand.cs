using System.CommandLine;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Hosting;

namespace BTTInferGrid.Silo.Commands;

/// <summary>
/// <c>bttgrid silo</c>: one silo, with a front that miners join, an engine of its own, or both; and <c>bttgrid front</c>: a front
/// without a silo.
/// </summary>
internal static class SiloCommand
{
    public static Command CreateSilo()
    {
        var roles = new Option<string>("--roles")
        {
            Description = "What the silo does: front (HTTP API and links of miners), gpu (an engine in its process), or front,gpu.",
            DefaultValueFactory = static _ => "front",
        };
        var command = new Command("silo", "Starts a silo; miners join its front from wherever they are.") { roles };
        var settings = new SettingsOptions().AddTo(command, listens: true, startsMiners: false);
        command.SetAction((parsed, _) => GridCommand.RunAsync(parsed, output =>
        {
            var chosen = RolesOf(parsed.GetValue(roles)!);
            var loaded = settings.Load(parsed);
            return chosen.HasFlag(GridRoles.Front)
                ? GridHost.RunAsync(loaded, new GridParts(chosen), output)
                : GpuHost.RunAsync(loaded);
        }));
        return command;
    }

    public static Command CreateFront()
    {
        var command = new Command("front", "Starts the HTTP API without a silo, as a client of a cluster of silos.");
        var settings = new SettingsOptions().AddTo(command, listens: true, startsMiners: false);
        command.SetAction((parsed, _) => GridCommand.RunAsync(
            parsed, output => GridHost.RunAsync(settings.Load(parsed), new GridParts(GridRoles.None), output)));
        return command;
    }

    private static GridRoles RolesOf(string text)
    {
        var roles = GridRoles.None;
        foreach (var name in text.Split(','))
        {
            roles |= name.Trim() switch
            {
                "front" => GridRoles.Front,
                "gpu" => GridRoles.Gpu,
                _ => throw new ConfigurationException($"--roles is '{text}'; it must be front, gpu, or front,gpu."),
            };
        }

        return roles;
    }
}
