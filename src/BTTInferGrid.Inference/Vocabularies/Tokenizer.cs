namespace BTTInferGrid.Inference;

/// <summary>Text to tokens. Thread safe.</summary>
internal abstract class Tokenizer
{
    /// <summary>
    /// Appends the tokens of a text; without <paramref name="parseSpecial"/> none of them is a control token.
    /// </summary>
    public abstract void Append(string text, bool parseSpecial, List<int> tokens);
}
