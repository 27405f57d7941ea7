using System.Numerics;

namespace BTTInferGrid.Inference;

/// <summary>The tokens with the largest logits.</summary>
internal static class TopTokens
{
    /// <summary>
    /// Fills a list with the tokens of the largest logits, largest first, of equal ones the lower token.
    /// </summary>
    /// <param name="logits">One logit per token, none of them NaN.</param>
    /// <param name="top">As many places as tokens are wanted: few, and not more than there are logits.</param>
    public static void Find(ReadOnlySpan<float> logits, Span<int> top)
    {
        if (top.IsEmpty)
        {
            return;
        }

        var token = 0;
        for (; token < top.Length; token++)
        {
            Insert(logits, top[..(token + 1)], token);
        }

        var bound = new Vector<float>(logits[top[^1]]);
        for (; token <= logits.Length - Vector<float>.Count; token += Vector<float>.Count)
        {
            if (Vector.GreaterThanAny(new Vector<float>(logits[token..]), bound))
            {
                InsertLarger(logits, top, token, token + Vector<float>.Count);
                bound = new Vector<float>(logits[top[^1]]);
            }
        }

        InsertLarger(logits, top, token, logits.Length);
    }

    private static void InsertLarger(ReadOnlySpan<float> logits, Span<int> top, int from, int to)
    {
        for (var token = from; token < to; token++)
        {
            if (logits[token] > logits[top[^1]])
            {
                Insert(logits, top, token);
            }
        }
    }

    /// <summary>Puts a token where it belongs; the last place of the list is overwritten.</summary>
    private static void Insert(ReadOnlySpan<float> logits, Span<int> top, int token)
    {
        var place = top.Length - 1;
        for (; place > 0 && logits[token] > logits[top[place - 1]]; place--)
        {
            top[place] = top[place - 1];
        }

        top[place] = token;
    }
}
