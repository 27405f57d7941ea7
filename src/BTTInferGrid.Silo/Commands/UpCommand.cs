using System.CommandLine;
using BTTInferGrid.Silo.Hosting;

namespace BTTInferGrid.Silo.Commands;

/// <summary><c>bttgrid up</c>, which is also what <c>bttgrid</c> alone does: a whole grid on this machine.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var command = new Command("up", "Starts a whole grid on this machine: a core silo with the HTTP API, and its miners.");
        Configure(command);
        return command;
    }

    public static void Configure(Command command)
    {
        var settings = new SettingsOptions().AddTo(command, listens: true, startsMiners: true);
        command.SetAction((parsed, _) => GridCommand.RunAsync(parsed, output =>
        {
            var loaded = settings.Load(parsed);
            return GridHost.RunAsync(loaded, new GridParts(GridRoles.Front, WithMiners: loaded.File.Miner is not null), output);
        }));
    }
}
