using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Inference.Native;

/// <summary>llama.cpp's process-wide log, line by line, into the logger given last.</summary>
/// <remarks>Its information lines are detail to us (tensor counts, buffer sizes), so they arrive as debug.</remarks>
internal static unsafe partial class LlamaLog
{
    private const int Continuation = 5;

    private static volatile ILogger _target = NullLogger.Instance;
    private static long _lost;

    // A line may come in pieces, all of them on the thread that writes it.
    [ThreadStatic]
    private static StringBuilder? _line;

    [ThreadStatic]
    private static LogLevel _level;

    [ThreadStatic]
    private static string? _lastError;

    [ThreadStatic]
    private static Action<string>? _watcher;

    public static ILogger Target
    {
        set => _target = value;
    }

    public static long Lost => Interlocked.Read(ref _lost);

    public static void Attach() => NativeMethods.LogSet(&OnText, null);

    /// <summary>The error last written by a call on this thread, and forgets it.</summary>
    public static string? TakeLastError()
    {
        var error = _lastError;
        _lastError = null;
        return error;
    }

    /// <summary>
    /// Hands every line that calls on this thread write to <paramref name="watcher"/>, until it is set to null.
    /// </summary>
    public static void Watch(Action<string>? watcher) => _watcher = watcher;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnText(int level, byte* text, void* data)
    {
        try
        {
            Append(level, Marshal.PtrToStringUTF8((nint)text) ?? "");
        }
        catch (Exception)
        {
            Interlocked.Increment(ref _lost);
        }
    }

    private static void Append(int level, string text)
    {
        var line = _line ??= new StringBuilder();
        if (level != Continuation)
        {
            _level = level switch
            {
                4 => LogLevel.Error,
                3 => LogLevel.Warning,
                2 => LogLevel.Debug,
                _ => LogLevel.Trace,
            };
        }

        line.Append(text);
        if (!text.EndsWith('\n'))
        {
            return;
        }

        var whole = line.ToString().TrimEnd();
        line.Clear();
        if (_level == LogLevel.Error)
        {
            _lastError = whole;
        }

        // The cache is one for all sequences, and each is kept within what the model was trained for.
        if (whole.Contains("n_ctx_seq", StringComparison.Ordinal) && whole.Contains("> n_ctx_train", StringComparison.Ordinal))
        {
            _level = LogLevel.Debug;
        }

        if (whole.Length > 0)
        {
            _watcher?.Invoke(whole);
            Line(_target, _level, whole);
        }
    }

    [LoggerMessage(EventId = 1, EventName = "LlamaLine", Message = "llama.cpp: {Line}")]
    private static partial void Line(ILogger logger, LogLevel level, string line);
}
