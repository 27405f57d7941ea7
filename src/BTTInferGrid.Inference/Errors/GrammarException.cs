namespace BTTInferGrid.Inference;

/// <summary>The text of a grammar cannot be used. Nothing was queued.</summary>
public sealed class GrammarException : InvalidParameterException
{
    internal GrammarException(int position, string rule)
        : base("Grammar", position < 0 ? "unusable" : $"wrong at character {position}", rule) => Position = position;

    /// <summary>Index of the character where the error was found; -1 when it is in no single place.</summary>
    public int Position { get; }
}
