using System.Runtime.InteropServices;

namespace BTTInferGrid.Silo.Hosting;

/// <summary>
/// A shell without job control starts programs in the background with the interrupt signal ignored, and .NET leaves it so. A grid that a
/// script has started should end by it all the same.
/// </summary>
internal static partial class InterruptSignal
{
    private const int Interrupt = 2;

    /// <summary>Makes the signal end this process until somebody handles it. To be called before anything else.</summary>
    public static void Restore()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetHandler(Interrupt, handler: 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);
}
