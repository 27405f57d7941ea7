using System.Text;

namespace BTTInferGrid.Inference;

/// <summary>Each byte of the text's UTF-8 form is a token of the same number.</summary>
internal sealed class ByteTokenizer : Tokenizer
{
    /// <inheritdoc/>
    public override void Append(string text, bool parseSpecial, List<int> tokens)
    {
        foreach (var one in Encoding.UTF8.GetBytes(text))
        {
            tokens.Add(one);
        }
    }
}
