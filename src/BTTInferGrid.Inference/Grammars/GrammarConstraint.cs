using System.Collections;

namespace BTTInferGrid.Inference;

/// <summary>
/// A grammar on its way through one answer: which tokens may come next, and after which the answer may end. Control
/// tokens never come. One caller at a time.
/// </summary>
/// <remarks>
/// The work for one token is bounded by the size of the vocabulary, so a grammar that is costly to follow ends its own
/// request with <see cref="RequestFailedException"/> before it holds up others for long.
/// </remarks>
internal sealed class GrammarConstraint : ITokenFilter
{
    private const int StepsPerToken = 64;
    private const int LeastSteps = 1 << 20;

    private readonly GrammarMatcher _matcher;
    private readonly TokenTable _table;
    private readonly TokenOrder _order;
    private readonly BitArray _allowed;
    private readonly long _steps;

    /// <param name="grammar">What the answer must match.</param>
    /// <param name="table">The tokens.</param>
    /// <param name="choices">How often a token is chosen at one position: a replay also looks for the second.</param>
    public GrammarConstraint(Grammar grammar, TokenTable table, int choices = 1)
    {
        _matcher = new GrammarMatcher(grammar);
        _table = table;
        _order = table.Order;
        _allowed = new BitArray(table.Size);
        _steps = choices * (LeastSteps + ((long)StepsPerToken * table.Size));
        _matcher.Allow(_steps);
    }

    /// <inheritdoc/>
    /// <exception cref="RequestFailedException">The grammar is too costly to follow.</exception>
    public bool Allows(int token)
    {
        if (_table.EndsGeneration(token))
        {
            return _matcher.CanEnd;
        }

        var length = _matcher.Length;
        var allowed = Follow(token);
        _matcher.Rewind(length);
        return allowed;
    }

    /// <inheritdoc/>
    /// <exception cref="RequestFailedException">The grammar is too costly to follow.</exception>
    public void Restrict(Span<float> logits)
    {
        FindAllowed();
        for (var token = 0; token < logits.Length; token++)
        {
            if (!_allowed[token])
            {
                logits[token] = float.NegativeInfinity;
            }
        }
    }

    /// <summary>Takes a token; false if it is not allowed, and the constraint is then used up.</summary>
    /// <exception cref="RequestFailedException">The grammar is too costly to follow.</exception>
    public bool TryAccept(int token)
    {
        _matcher.Allow(_steps);
        return _table.EndsGeneration(token) || Follow(token);
    }

    /// <summary>Takes the token that was chosen, which must be allowed.</summary>
    public void Accept(int token)
    {
        if (!TryAccept(token))
        {
            throw new InvalidOperationException($"Token {token} was chosen although the grammar forbids it.");
        }
    }

    private bool Follow(int token)
    {
        var bytes = _table.Bytes(token);
        foreach (var value in bytes)
        {
            if (!_matcher.Advance(value))
            {
                return false;
            }
        }

        return !bytes.IsEmpty;
    }

    private void FindAllowed()
    {
        _allowed.SetAll(false);
        foreach (var token in _order.Ends)
        {
            _allowed[token] = _matcher.CanEnd;
        }

        // Bytes of the token before that were followed, and how many it takes to fail; 0 when it did not.
        var start = _matcher.Length;
        var failed = 0;
        for (var i = 0; i < _order.Tokens.Length; i++)
        {
            var common = _order.Common[i];
            if (failed > 0 && common >= failed)
            {
                continue;
            }

            var bytes = _table.Bytes(_order.Tokens[i]);
            _matcher.Rewind(start + common);
            failed = 0;
            for (var at = _matcher.Length - start; at < bytes.Length && failed == 0; at++)
            {
                failed = _matcher.Advance(bytes[at]) ? 0 : at + 1;
            }

            _allowed[_order.Tokens[i]] = failed == 0;
        }

        _matcher.Rewind(start);
    }
}
