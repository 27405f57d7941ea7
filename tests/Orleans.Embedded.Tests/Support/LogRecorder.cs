using Microsoft.Extensions.Logging;

namespace Orleans.Embedded.Tests.Support;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogRecorder : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(int Id, string Text)> _lines = new();

    /// <summary>The lines with an event id, as they came.</summary>
    public IEnumerable<string> Lines(int id)
    {
        return _lines.Where(line => line.Id == id).Select(static line => line.Text);
    }

    /// <summary>Waits until a line with an event id has a text in it.</summary>
    public Task Until(int id, string text)
    {
        return Signals.Until(
            () => Lines(id).Any(line => line.Contains(text, StringComparison.Ordinal)), $"event {id} with '{text}'");
    }

    public ILogger CreateLogger(string categoryName)
    {
        return this;
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        return null;
    }

    public bool IsEnabled(LogLevel logLevel)
    {
        return true;
    }

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        _lines.Enqueue((eventId.Id, formatter(state, exception)));
    }

    public void Dispose()
    {
    }
}
