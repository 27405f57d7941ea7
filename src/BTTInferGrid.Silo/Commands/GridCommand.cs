using System.CommandLine;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Hosting;

namespace BTTInferGrid.Silo.Commands;

/// <summary>The command line: without arguments it starts a whole grid on this machine.</summary>
internal static class GridCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var port = new Option<string?>("--port") { Description = "Port of the HTTP API; 0 takes a free one. Default 8080." };
        var home = new Option<string?>("--home") { Description = "Folder for the grid's state, BTTGRID_HOME by default." };
        var config = new Option<string?>("--config") { Description = "Configuration file; default ./silo.json." };
        var root = new RootCommand("Starts a BTTInferGrid grid on this machine.") { port, home, config };
        root.SetAction((parsed, _) => StartAsync(
            new SettingsFlags(parsed.GetValue(port), parsed.GetValue(home), parsed.GetValue(config))));

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"bttgrid: {error.Message} See 'bttgrid --help'.");
            }

            return ExitCode.WrongUsage;
        }

        // The host answers Ctrl-C itself, and takes the time that it needs to stop.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static async Task<int> StartAsync(SettingsFlags flags)
    {
        try
        {
            var settings = SettingsLoader.Load(flags, Environment.GetEnvironmentVariable);
            await GridHost.RunAsync(settings, Console.Out);
            return ExitCode.Success;
        }
        catch (ConfigurationException error)
        {
            await Console.Error.WriteLineAsync($"bttgrid: {error.Message}");
            return ExitCode.WrongUsage;
        }
        catch (StartException error)
        {
            await Console.Error.WriteLineAsync($"bttgrid: {error.Message}");
            return ExitCode.Failure;
        }
    }
}
