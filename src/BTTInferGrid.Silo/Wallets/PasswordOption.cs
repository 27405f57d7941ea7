using System.CommandLine;
using BTTInferGrid.Silo.Commands;
using BTTInferGrid.Silo.Terminal;
using Spectre.Console;

namespace BTTInferGrid.Silo.Wallets;

/// <summary>
/// Where a wallet's password is from: a file, or the person at the terminal. Never an argument, which every process of the
/// machine can read.
/// </summary>
internal sealed class PasswordOption
{
    private const string Variable = "BTTGRID_PASSWORD_FILE";
    private const int MaxLength = 1024;

    private readonly Option<string?> _file = new("--password-file")
    {
        Description = $"File with the wallet's password in its first line, {Variable} by default. Without one it is asked for.",
    };

    public PasswordOption(Command command) => command.Add(_file);

    /// <summary>Reads the password.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="output">Where a person is asked.</param>
    /// <param name="isNew">Whether it is a new one, which is asked for twice.</param>
    /// <exception cref="CommandException">There is none, or the two differ.</exception>
    public Password Read(ParseResult parsed, Output output, bool isNew)
    {
        var file = parsed.GetValue(_file) ?? Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(file))
        {
            using var reader = new StreamReader(file);
            return Check(reader.ReadLine());
        }

        if (Console.IsInputRedirected || !output.IsTerminal)
        {
            throw new CommandException(
                ExitCode.WrongUsage, "no_password",
                $"Nobody can be asked for the password here. Name a file that has it with --password-file or {Variable}.");
        }

        var password = Check(Ask(output, "Password:"));
        if (isNew && !password.Text.SequenceEqual(Ask(output, "Once more:")))
        {
            throw new CommandException(ExitCode.WrongUsage, "passwords_differ", "The two passwords differ. Try again.");
        }

        return password;
    }

    private static string Ask(Output output, string question) =>
        output.Console.Prompt(new TextPrompt<string>(question).Secret(null).AllowEmpty());

    private static Password Check(string? password) => password is { Length: >= 1 and <= MaxLength }
        ? new Password(password.ToCharArray())
        : throw new CommandException(ExitCode.WrongUsage, "no_password", $"A password has 1 to {MaxLength} characters.");
}
