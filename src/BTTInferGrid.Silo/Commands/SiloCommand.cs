using System.CommandLine;
using BTTInferGrid.Silo.Hosting;

namespace BTTInferGrid.Silo.Commands;

/// <summary><c>bttgrid silo</c>: one core silo with the HTTP API, which miners join.</summary>
internal static class SiloCommand
{
    public static Command Create()
    {
        var command = new Command("silo", "Starts a core silo with the HTTP API; miners join it from wherever they are.");
        var settings = new SettingsOptions().AddTo(command, listens: true, startsMiners: false);
        command.SetAction((parsed, _) => GridCommand.RunAsync(
            parsed, output => GridHost.RunAsync(settings.Load(parsed), withMiners: false, output)));
        return command;
    }
}
