using System.Buffers;
using System.Text;
using BTTInferGrid.Inference.Native;

namespace BTTInferGrid.Inference;

/// <summary>Text to tokens by llama.cpp, with the guarantees it does not give itself. Thread safe.</summary>
internal sealed class LlamaTokenizer : Tokenizer
{
    // LLAMA_VOCAB_TYPE_BPE
    private const int BytePairType = 2;

    private readonly ModelHandle _model;
    private readonly TokenTable _table;
    private readonly bool _splitsByRegex;

    public LlamaTokenizer(ModelHandle model, TokenTable table)
    {
        _model = model;
        _table = table;
        using var use = new HandleUse(model);
        _splitsByRegex = NativeMethods.VocabularyType(NativeMethods.ModelVocabulary(use.Pointer)) == BytePairType;
    }

    /// <inheritdoc/>
    public override void Append(string text, bool parseSpecial, List<int> tokens)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var length = _splitsByRegex ? LongRuns.SafeLength(rest) : rest.Length;
            AppendPart(rest[..length], parseSpecial, tokens);
            rest = rest[length..];
        }
    }

    private void AppendPart(ReadOnlySpan<char> text, bool parseSpecial, List<int> tokens)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, bytes);
        var ids = ArrayPool<int>.Shared.Rent(length + 8);
        try
        {
            foreach (var token in ids.AsSpan(0, Tokenize(bytes.AsSpan(0, length), ids, parseSpecial)))
            {
                if (!parseSpecial && _table.IsControl(token) && text.Length > 2)
                {
                    // Some tokenizers match a whole word with any token, a control token too: spell it out instead.
                    AppendSpelled(token, tokens);
                }
                else
                {
                    tokens.Add(token);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<int>.Shared.Return(ids);
        }
    }

    private void AppendSpelled(int control, List<int> tokens)
    {
        var text = _table.ControlText(control) ?? "";
        foreach (var rune in text.EnumerateRunes())
        {
            AppendPart(rune.ToString(), parseSpecial: false, tokens);
        }
    }

    private unsafe int Tokenize(ReadOnlySpan<byte> text, Span<int> tokens, bool parseSpecial)
    {
        using var use = new HandleUse(_model);
        fixed (byte* textStart = text)
        fixed (int* tokensStart = tokens)
        {
            var count = NativeMethods.Tokenize(
                NativeMethods.ModelVocabulary(use.Pointer),
                textStart,
                text.Length,
                tokensStart,
                tokens.Length,
                addSpecial: 0,
                (byte)(parseSpecial ? 1 : 0));
            return count >= 0
                ? count
                : throw new InvalidParameterException(nameof(text), $"{text.Length} bytes", "of a length that fits");
        }
    }
}
