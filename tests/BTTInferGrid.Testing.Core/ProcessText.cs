using System.Text;

namespace BTTInferGrid.Testing;

/// <summary>One output of a process, as it comes.</summary>
internal sealed class ProcessText
{
    private readonly StringBuilder _text = new();
    private readonly List<(string Text, TaskCompletionSource<bool> Seen)> _awaited = [];
    private bool _isAtEnd;

    /// <summary>Takes a line, or null for the end.</summary>
    public void Take(string? line)
    {
        lock (_text)
        {
            if (line is null)
            {
                _isAtEnd = true;
                _awaited.ForEach(static awaited => awaited.Seen.TrySetResult(false));
                return;
            }

            _text.AppendLine(line);
            _awaited.RemoveAll(awaited =>
                line.Contains(awaited.Text, StringComparison.Ordinal) && awaited.Seen.TrySetResult(true));
        }
    }

    /// <summary>Completes when a line has the text: true; or when the output ends without it: false.</summary>
    public Task<bool> ContainsAsync(string text)
    {
        lock (_text)
        {
            if (_isAtEnd || _text.ToString().Contains(text, StringComparison.Ordinal))
            {
                return Task.FromResult(_text.ToString().Contains(text, StringComparison.Ordinal));
            }

            var seen = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((text, seen));
            return seen.Task;
        }
    }

    public override string ToString()
    {
        lock (_text)
        {
            return _text.ToString();
        }
    }
}
