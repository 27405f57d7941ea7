namespace BTTInferGrid.Silo.Terminal;

/// <summary>Text from elsewhere, so that it cannot steer the terminal that shows it.</summary>
internal static class Printable
{
    /// <summary>The text with a question mark for every control character but tabs and ends of lines.</summary>
    public static string Clean(string text) => text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0
        ? text
        : string.Create(text.Length, text, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                target[i] = char.IsControl(source[i]) && source[i] is not ('\n' or '\t') ? '?' : source[i];
            }
        });

    /// <summary>A number of bytes as people read it.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        >= 1_000_000_000 => $"{bytes / 1e9:F1} GB",
        >= 1_000_000 => $"{bytes / 1e6:F1} MB",
        _ => $"{bytes} B",
    };
}
