using System.Collections.Immutable;

namespace BTTInferGrid.Inference;

/// <summary>
/// The computation of replays, one after the other. Belongs to the replayer's thread, which also disposes it.
/// </summary>
internal sealed class ReplayPass(EngineContext context, Vocabulary vocabulary) : IDisposable
{
    private readonly Sampler _sampler = new(vocabulary.Size);
    private readonly LogitEvidence _evidence = new(vocabulary.Size);
    private readonly float[] _adjusted = new float[vocabulary.Size];

    /// <summary>One entry for each output token of a checked request.</summary>
    /// <exception cref="OperationCanceledException">Between two batches.</exception>
    /// <exception cref="RequestFailedException">The grammar cannot be followed.</exception>
    public ImmutableArray<ReplayedPosition> Run(
        ReplayRequest request, GrammarConstraint? grammar, CancellationToken cancellationToken)
    {
        context.Remove(0);
        var adjustments = LogitAdjustments.For(request.Sampling, request.Prompt.Span);
        var positions = ImmutableArray.CreateBuilder<ReplayedPosition>(request.Output.Length);

        // The logits after a token choose the next one, so the last token of the output need not be read.
        var count = request.Prompt.Length + request.Output.Length - 1;
        var size = EvenSize(count);
        for (var start = 0; start < count; start += size)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var end = Math.Min(start + size, count);
            Read(request, start, end);
            for (var position = Math.Max(start, request.Prompt.Length - 1); position < end; position++)
            {
                var token = request.Output.Span[position + 1 - request.Prompt.Length];
                var logits = context.Logits(position - start);
                _evidence.Measure(logits, token, request.Scope);
                var standing = _sampler.Judge(
                    Adjusted(logits, adjustments), request.Sampling, position + 1, grammar, token);
                positions.Add(new ReplayedPosition(
                    PositionEvidence.From(_evidence), standing.Winner, standing.Margin, standing.Lead));
                adjustments?.Observe(token);
                grammar = Follow(grammar, token);
            }
        }

        return positions.MoveToImmutable();
    }

    public void Dispose()
    {
        context.Dispose();
        vocabulary.Dispose();
    }

    /// <summary>
    /// Batches of nearly the same size: with fewer than 64 tokens, attention on the CPU takes a path that costs as much
    /// as hundreds, so a small rest would cost more than all before it.
    /// </summary>
    private int EvenSize(int count)
    {
        var batches = (count + context.Capacity - 1) / context.Capacity;
        return (count + batches - 1) / batches;
    }

    private void Read(ReplayRequest request, int start, int end)
    {
        context.Clear();
        var prompt = request.Prompt.Span;
        var output = request.Output.Span;
        for (var position = start; position < end; position++)
        {
            var token = position < prompt.Length ? prompt[position] : output[position - prompt.Length];
            context.Add(token, position, sequence: 0, position >= prompt.Length - 1);
        }

        if (!context.Decode())
        {
            throw new EngineFailedException(
                $"A cache of {context.CacheTokens} tokens has no room for {end} although nothing else is in it.");
        }
    }

    private ReadOnlySpan<float> Adjusted(ReadOnlySpan<float> logits, LogitAdjustments? adjustments)
    {
        if (adjustments is null)
        {
            return logits;
        }

        logits.CopyTo(_adjusted);
        adjustments.Apply(_adjusted);
        return _adjusted;
    }

    /// <summary>
    /// Goes on with the output's token. Where the grammar forbids it, which its position shows, there is no way on:
    /// what comes after is judged without grammar.
    /// </summary>
    private static GrammarConstraint? Follow(GrammarConstraint? grammar, int token)
    {
        if (grammar is null || !grammar.Allows(token))
        {
            return null;
        }

        grammar.Accept(token);
        return grammar;
    }
}
