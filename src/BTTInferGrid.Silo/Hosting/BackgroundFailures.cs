namespace BTTInferGrid.Silo.Hosting;

/// <summary>
/// The host stops when a background service fails, and would end with code 0 like one that was asked to stop. The log has
/// the failure; the exit code reports it to the process that started this one.
/// </summary>
internal static class BackgroundFailures
{
    /// <summary>Whether a background service of a host has failed.</summary>
    public static bool Any(IServiceProvider services) => services.GetServices<IHostedService>()
        .Any(static service => service is BackgroundService { ExecuteTask.IsFaulted: true });

    /// <summary>Makes the process end with code 1 if one has.</summary>
    public static void ToExitCode(IServiceProvider services)
    {
        if (Any(services))
        {
            Environment.ExitCode = 1;
        }
    }
}
