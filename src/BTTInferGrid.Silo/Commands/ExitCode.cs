namespace BTTInferGrid.Silo.Commands;

/// <summary>What the process tells the shell. Documented in docs/cli.md.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>It could not do what was asked; the reason is on standard error.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the configuration is wrong; nothing was started.</summary>
    public const int WrongUsage = 2;

    /// <summary>No grid listens where one was looked for.</summary>
    public const int NoGrid = 3;

    /// <summary>The grid answered with an error.</summary>
    public const int Refused = 4;

    /// <summary>Ctrl-C or SIGTERM ended it before it was done: 128 and the number of SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
