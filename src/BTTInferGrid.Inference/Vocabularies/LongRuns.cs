namespace BTTInferGrid.Inference;

/// <summary>
/// Keeps texts without a break from exhausting the stack. For many models llama.cpp splits text into words with a
/// regular expression whose matcher recurses once per character of a word: some tens of thousands of letters, or of
/// spaces, end the process. No language writes words that long, so they are cut.
/// </summary>
internal static class LongRuns
{
    /// <summary>The longest run of one kind, blank or not blank, that is handed over whole.</summary>
    public const int Limit = 2048;

    /// <summary>
    /// How much of a text can be tokenised in one call: all of it, or up to the cut in its first long run.
    /// </summary>
    public static int SafeLength(ReadOnlySpan<char> text)
    {
        var run = 0;
        var blank = false;
        for (var i = 0; i < text.Length; i++)
        {
            var isBlank = char.IsWhiteSpace(text[i]);
            run = isBlank == blank ? run + 1 : 1;
            blank = isBlank;
            if (run >= Limit && !char.IsHighSurrogate(text[i]))
            {
                return i + 1;
            }
        }

        return text.Length;
    }
}
