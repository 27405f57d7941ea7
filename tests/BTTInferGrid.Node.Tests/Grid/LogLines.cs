using System.Globalization;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.Node.Tests.Grid;

/// <summary>The log of a node, line by line.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Text, TaskCompletionSource<string> Found)> _awaited = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"[{eventId.Id}] {formatter(state, exception)}");
        lock (_lock)
        {
            _lines.Add(line);
            _awaited.RemoveAll(awaited =>
                line.Contains(awaited.Text, StringComparison.Ordinal) && awaited.Found.TrySetResult(line));
        }
    }

    /// <summary>The first line, past or future, that has the text.</summary>
    public Task<string> LineAsync(string text)
    {
        lock (_lock)
        {
            if (_lines.Find(line => line.Contains(text, StringComparison.Ordinal)) is { } line)
            {
                return Task.FromResult(line);
            }

            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((text, found));
            return found.Task.Within($"the log has '{text}'; it has:\n{string.Join('\n', _lines)}");
        }
    }

    public int Count(string text)
    {
        lock (_lock)
        {
            return _lines.Count(line => line.Contains(text, StringComparison.Ordinal));
        }
    }

    public void Dispose()
    {
    }
}
