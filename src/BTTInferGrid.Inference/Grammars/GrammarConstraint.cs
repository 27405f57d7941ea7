using System.Collections;
using BTTInferGrid.Grammars;

namespace BTTInferGrid.Inference;

/// <summary>
/// The progress of one answer through a grammar: which tokens are allowed next, and whether the answer may end. Control
/// tokens are never allowed. One caller at a time.
/// </summary>
/// <remarks>
/// The work for one token is bounded by the size of the vocabulary, so a grammar that is costly to follow ends its own
/// request with <see cref="RequestFailedException"/> before it delays others for long.
/// </remarks>
internal sealed class GrammarConstraint : ITokenFilter
{
    private const int StepsPerToken = 64;
    private const int MinSteps = 1 << 20;

    private readonly GrammarMatcher _matcher;
    private readonly TokenTable _table;
    private readonly TokenOrder _order;
    private readonly BitArray _allowed;
    private readonly long _steps;

    /// <summary>Starts at the beginning of an answer.</summary>
    /// <param name="grammar">The grammar that the answer must match.</param>
    /// <param name="table">The tokens of the vocabulary.</param>
    /// <param name="choices">Tokens that are chosen at one position: a replay also looks for the second best.</param>
    /// <exception cref="RequestFailedException">The grammar is too costly to follow.</exception>
    public GrammarConstraint(Grammar grammar, TokenTable table, int choices = 1)
    {
        _table = table;
        _order = table.Order;
        _allowed = new BitArray(table.Size);
        _steps = choices * (MinSteps + ((long)StepsPerToken * table.Size));
        try
        {
            _matcher = new GrammarMatcher(grammar);
            _matcher.Allow(_steps);
        }
        catch (GrammarCostException costly)
        {
            throw new RequestFailedException(nameof(EngineRequest.Grammar), costly.Message, costly);
        }
    }

    /// <summary>Parses the grammar of a request.</summary>
    /// <exception cref="InvalidParameterException">The grammar is invalid or too large, or no text matches it.</exception>
    public static Grammar ParseGrammar(string text)
    {
        try
        {
            return Grammar.Parse(text);
        }
        catch (GrammarException invalid)
        {
            throw new InvalidParameterException(nameof(EngineRequest.Grammar), invalid);
        }
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

    /// <summary>Accepts a token.</summary>
    /// <returns>False if the token is not allowed; the constraint is then unusable.</returns>
    /// <exception cref="RequestFailedException">The grammar is too costly to follow.</exception>
    public bool TryAccept(int token)
    {
        _matcher.Allow(_steps);
        return _table.EndsGeneration(token) || Follow(token);
    }

    /// <summary>Accepts the chosen token.</summary>
    /// <exception cref="InvalidOperationException">The token is not allowed.</exception>
    /// <exception cref="RequestFailedException">The grammar is too costly to follow.</exception>
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
            if (!Advance(value))
            {
                return false;
            }
        }

        return !bytes.IsEmpty;
    }

    private bool Advance(byte value)
    {
        try
        {
            return _matcher.Advance(value);
        }
        catch (GrammarCostException costly)
        {
            throw new RequestFailedException(nameof(EngineRequest.Grammar), costly.Message, costly);
        }
    }

    private void FindAllowed()
    {
        _allowed.SetAll(false);
        foreach (var token in _order.Ends)
        {
            _allowed[token] = _matcher.CanEnd;
        }

        // Number of bytes after which the last tried token failed; 0 when it did not fail.
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
                failed = Advance(bytes[at]) ? 0 : at + 1;
            }

            _allowed[_order.Tokens[i]] = failed == 0;
        }

        _matcher.Rewind(start);
    }
}
