using System.CommandLine;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Hosting;

namespace BTTInferGrid.Silo.Commands;

/// <summary>The command line: without arguments it starts a whole grid on this machine.</summary>
internal static class GridCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Starts a BTTInferGrid grid on this machine, or one part of a grid.");
        UpCommand.Configure(root);
        root.Add(UpCommand.Create());
        root.Add(SiloCommand.Create());
        root.Add(MinerCommand.Create());

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

    /// <summary>Runs a command; what is wrong is said in one line.</summary>
    public static async Task<int> RunAsync(Func<Task> command)
    {
        try
        {
            await command();
            return Environment.ExitCode;
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
