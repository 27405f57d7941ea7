using BTTInferGrid.Link;
using Spectre.Console;

namespace BTTInferGrid.Silo.Terminal;

/// <summary>What a wait is about, on standard error: one line that changes for a person, else a line for each change.</summary>
internal static class StatusLine
{
    public static async Task<T> RunAsync<T>(Output output, Func<Action<string>, Task<T>> wait)
    {
        if (output.Format == OutputFormat.Json || Console.IsErrorRedirected)
        {
            return await wait(output.Note);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Status().StartAsync(
            "Starting", context => wait(text => context.Status = Markup.Escape(PrintableText.Clean(text))));
    }
}
