using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Orleans.Embedded.Chaos.Cluster;

/// <summary>What the processes of core silos and of edge silos have in common.</summary>
internal static class SiloHost
{
    /// <summary>What a process prints when it serves; who it is follows.</summary>
    public const string Ready = "Ready as ";

    /// <summary>Standard output is for what the parent process waits for.</summary>
    public static void LogToStandardError(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddSimpleConsole(static console => console.TimestampFormat = "HH:mm:ss.fff ");
        logging.Services.Configure<ConsoleLoggerOptions>(
            static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    /// <summary>Runs until the process is told to end; returns its exit code.</summary>
    public static async Task<int> RunAsync(IHost host, Func<Task<string>> whenReady)
    {
        await host.StartAsync();
        Console.WriteLine(Ready + await whenReady());
        await host.WaitForShutdownAsync();
        return Environment.ExitCode;
    }
}
