namespace BTTInferGrid.Silo.Commands;

/// <summary>A command cannot do what was asked; the message says why and what to do.</summary>
/// <param name="exitCode">One of <see cref="Commands.ExitCode"/>.</param>
/// <param name="code">A stable name of the reason, for programs.</param>
/// <param name="message">For people.</param>
/// <param name="cause">What it comes from.</param>
internal class CommandException(int exitCode, string code, string message, Exception? cause = null) : Exception(message, cause)
{
    public int ExitCode { get; } = exitCode;

    public string Code { get; } = code;
}
