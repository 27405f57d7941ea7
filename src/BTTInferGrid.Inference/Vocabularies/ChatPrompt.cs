using System.Text;

namespace BTTInferGrid.Inference;

/// <summary>Tokens of a rendered conversation, with control tokens from the template's own text only.</summary>
/// <remarks>
/// The prompt is cut at the control tokens that the template wrote, as llama.cpp would cut it, and what lies between is
/// tokenised as plain text in one piece: so an ordinary conversation gives the tokens of the whole text, and a message
/// that spells a control token gives the characters of it.
/// </remarks>
internal static class ChatPrompt
{
    public static List<int> Encode(IReadOnlyList<PromptPiece> pieces, TokenTable table, Tokenizer tokenizer)
    {
        var tokens = new List<int>();
        var plain = new StringBuilder();
        var stripLeft = false;
        foreach (var piece in pieces)
        {
            var rest = piece.Text.AsSpan();
            while (piece.FromTemplate && TryFindControl(table, rest, out var at, out var control))
            {
                plain.Append(rest[..at]);
                AppendPlain(stripLeft, control.StripsLeft);
                tokens.Add(control.Id);
                stripLeft = control.StripsRight;
                rest = rest[(at + control.Text.Length)..];
            }

            plain.Append(rest);
        }

        AppendPlain(stripLeft, stripRight: false);
        return tokens;

        void AppendPlain(bool stripLeft, bool stripRight)
        {
            var text = plain.ToString();
            plain.Clear();
            text = stripLeft ? text.TrimStart() : text;
            tokenizer.Append(stripRight ? text.TrimEnd() : text, parseSpecial: false, tokens);
        }
    }

    /// <summary>The leftmost control token in a text, the longest where several begin.</summary>
    private static bool TryFindControl(TokenTable table, ReadOnlySpan<char> text, out int at, out ControlToken control)
    {
        (at, control) = (-1, default);
        foreach (var candidate in table.Controls)
        {
            var found = text.IndexOf(candidate.Text, StringComparison.Ordinal);
            if (found >= 0 && (at < 0 || found < at))
            {
                (at, control) = (found, candidate);
            }
        }

        return at >= 0;
    }
}
