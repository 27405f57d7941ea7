using System.Globalization;

namespace BTTInferGrid.Link;

/// <summary>Text of strangers, so that it cannot steer the terminal or the log that shows it.</summary>
public static class PrintableText
{
    /// <summary>A message for people: one line, with a question mark for what is not a letter, mark, number, symbol or blank.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">Characters that are kept, 0 or more.</param>
    public static string OneLine(string text, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.Create(Math.Min(text.Length, maxLength), text, static (line, source) =>
        {
            for (var i = 0; i < line.Length; i++)
            {
                line[i] = CharUnicodeInfo.GetUnicodeCategory(source[i]) is UnicodeCategory.Control or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate
                    or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
                    ? '?'
                    : source[i];
            }
        });
    }

    /// <summary>
    /// Longer text, such as a model's answer: all of it, with a question mark for control characters but tabs and ends of lines, and for
    /// those that change the direction of writing.
    /// </summary>
    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0
            ? text
            : string.Create(text.Length, text, static (target, source) =>
            {
                for (var i = 0; i < source.Length; i++)
                {
                    target[i] = (char.IsControl(source[i]) && source[i] is not ('\n' or '\t')) || IsDirection(source[i]) ? '?' : source[i];
                }
            });
    }

    private static bool IsDirection(char character) => character is '\u061c' or '\u200e' or '\u200f'
        or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
