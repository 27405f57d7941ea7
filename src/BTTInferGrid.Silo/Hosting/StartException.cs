using BTTInferGrid.Silo.Commands;

namespace BTTInferGrid.Silo.Hosting;

/// <summary>The grid cannot start; the message says why and what to do.</summary>
internal sealed class StartException(string message, Exception? cause = null)
    : CommandException(Commands.ExitCode.Failure, "cannot_start", message, cause);
