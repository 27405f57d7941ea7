using BTTInferGrid.Link;
using BTTInferGrid.Silo.Terminal;

namespace BTTInferGrid.Silo.Chains;

/// <summary>
/// Tells a person why a command waits: warnings of what it uses, as lines beside its result, each once until there is another.
/// </summary>
/// <param name="output">The command's.</param>
internal sealed class NoteLogger<T>(Output output) : ILogger<T>
{
    private string? _said;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = IsEnabled(logLevel) ? PrintableText.Clean(formatter(state, exception)) : null;
        if (text is not null && text != _said)
        {
            output.Note(_said = text);
        }
    }
}
