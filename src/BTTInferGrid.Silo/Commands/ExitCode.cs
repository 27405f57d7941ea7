namespace BTTInferGrid.Silo.Commands;

/// <summary>What the process tells the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>It could not do what was asked; the reason is on standard error.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the configuration is wrong; nothing was started.</summary>
    public const int WrongUsage = 2;
}
