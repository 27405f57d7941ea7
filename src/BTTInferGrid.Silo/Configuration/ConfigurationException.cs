using BTTInferGrid.Silo.Commands;

namespace BTTInferGrid.Silo.Configuration;

/// <summary>The configuration is wrong; the message says where, what, and what would be right.</summary>
internal sealed class ConfigurationException(string message, Exception? cause = null)
    : CommandException(Commands.ExitCode.WrongUsage, "wrong_configuration", message, cause);
