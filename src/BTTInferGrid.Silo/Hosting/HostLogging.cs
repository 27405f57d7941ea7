namespace BTTInferGrid.Silo.Hosting;

/// <summary>How all processes of the grid log.</summary>
internal static class HostLogging
{
    /// <summary>The variable with the lowest level that is logged; a local grid passes it to the processes of its miners.</summary>
    public const string Variable = "BTTGRID_LOG_LEVEL";

    /// <param name="logging">The logging of the host.</param>
    /// <param name="level">Lowest level that is logged.</param>
    public static void Add(ILoggingBuilder logging, LogLevel level)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(level);
        var runtime = level is LogLevel.Trace || level > LogLevel.Warning ? level : LogLevel.Warning;
        logging.AddFilter("Microsoft", runtime);
        logging.AddFilter("Orleans", runtime);
        logging.AddFilter("Polly", runtime);

        // Warns at each start that its first check took as long as the machine is up.
        logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        logging.AddFilter("Grpc", runtime);

        // Warns that HTTP/2 needs ALPN, which is what the front's preface replaces.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);

        // Logs each stranger that breaks HTTP/2, with a stack trace; its connection is closed all the same.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Http2", LogLevel.None);

        // A failed start is reported once, where it is caught; the failure of a background service is reported here only.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        // Standard output is for what was asked for; the log goes to standard error.
        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
    }
}
