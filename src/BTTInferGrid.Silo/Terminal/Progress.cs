using System.Globalization;
using Spectre.Console;

namespace BTTInferGrid.Silo.Terminal;

/// <summary>How far a long command is, on standard error: a bar for a person, else a line at every tenth.</summary>
internal static class Progress
{
    /// <summary>Runs work that reports a share from 0 to 1.</summary>
    public static async Task<T> RunAsync<T>(Output output, string title, Func<IProgress<double>, Task<T>> work)
    {
        if (output.Format == OutputFormat.Json || Console.IsErrorRedirected)
        {
            return await work(new Lines(output, title));
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress().AutoClear(true).StartAsync(async context =>
        {
            var bar = context.AddTask(Markup.Escape(title), maxValue: 1);
            return await work(new Bar(bar));
        });
    }

    // Reported from the thread that works: Progress<T> would hand the reports on, out of order, to the pool.
    private sealed class Bar(ProgressTask task) : IProgress<double>
    {
        public void Report(double value) => task.Value = value;
    }

    private sealed class Lines(Output output, string title) : IProgress<double>
    {
        private int _said;

        public void Report(double value)
        {
            var tenths = (int)(value * 10);
            if (tenths > _said)
            {
                _said = tenths;
                output.Note(string.Create(CultureInfo.InvariantCulture, $"{title}: {tenths * 10}%"));
            }
        }
    }
}
