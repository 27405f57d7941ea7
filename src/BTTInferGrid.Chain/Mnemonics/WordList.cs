namespace BTTInferGrid.Chain.Mnemonics;

/// <summary>The 2,048 English words of BIP-39.</summary>
internal static class WordList
{
    public static IReadOnlyList<string> Words { get; } = Read();

    /// <returns>The place of the word, or a negative number.</returns>
    public static int IndexOf(string word)
    {
        return Array.BinarySearch((string[])Words, word, StringComparer.Ordinal);
    }

    private static string[] Read()
    {
        using var stream = typeof(WordList).Assembly.GetManifestResourceStream("english.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
