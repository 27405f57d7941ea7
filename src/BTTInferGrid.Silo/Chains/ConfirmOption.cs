using System.CommandLine;
using BTTInferGrid.Silo.Commands;
using BTTInferGrid.Silo.Terminal;
using Spectre.Console;

namespace BTTInferGrid.Silo.Chains;

/// <summary>Asks a person before money moves, unless the command line says yes already.</summary>
internal sealed class ConfirmOption
{
    private readonly Option<bool> _yes = new("--yes") { Description = "Asks nothing." };

    public ConfirmOption(Command command) => command.Add(_yes);

    /// <summary>Returns if it is to be done.</summary>
    /// <exception cref="CommandException">It is not, or nobody can be asked.</exception>
    public void Ask(ParseResult parsed, Output output, string question)
    {
        if (parsed.GetValue(_yes))
        {
            return;
        }

        if (!output.IsTerminal || Console.IsInputRedirected)
        {
            throw new CommandException(ExitCode.WrongUsage, "not_confirmed", "Nobody can be asked here. Say --yes to go on.");
        }

        if (!output.Console.Prompt(new ConfirmationPrompt(Markup.Escape(question)) { DefaultValue = false }))
        {
            throw new CommandException(ExitCode.Failure, "not_confirmed", "Nothing was sent.");
        }
    }
}
