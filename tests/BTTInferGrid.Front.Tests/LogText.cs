using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.Front.Tests;

/// <summary>Keeps all that is logged, for tests of what must not be.</summary>
internal sealed class LogText : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _entries = new();

    public string All => string.Join('\n', _entries);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue($"{formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
