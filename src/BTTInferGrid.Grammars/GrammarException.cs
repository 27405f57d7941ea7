namespace BTTInferGrid.Grammars;

/// <summary>The text of a grammar is invalid, too large or incomplete, or no text matches it.</summary>
public sealed class GrammarException : Exception
{
    internal GrammarException(int position, string problem)
        : base(position < 0
            ? $"The grammar is unusable: {problem}."
            : $"The grammar is invalid at character {position}: {problem}.") => Position = position;

    /// <summary>Index of the character where the error was found; -1 when the error has no single place.</summary>
    public int Position { get; }
}

/// <summary>A text cannot be followed through a grammar within the limits on items and steps.</summary>
public sealed class GrammarCostException : Exception
{
    internal GrammarCostException(string message)
        : base(message)
    {
    }
}
