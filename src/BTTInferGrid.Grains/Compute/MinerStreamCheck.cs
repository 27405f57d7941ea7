using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Compute;

/// <summary>
/// Checks a miner's stream against the request, since a miner may be anyone. What holds at every step:
/// 0 &lt;= token &lt; vocabulary size, tokens sent &lt;= tokens asked for, nothing after the result, at least one token
/// before it, and the result's counts are the counts that were seen.
/// </summary>
internal sealed class MinerStreamCheck(string minerId, JobRequest request)
{
    public int OutputTokens { get; private set; }

    /// <summary>Whether the result came.</summary>
    public bool Ended { get; private set; }

    /// <summary>Checks one step and turns it into the job's.</summary>
    /// <exception cref="MinerFailedException">The step breaks the protocol.</exception>
    public JobEvent Next(MinerEvent step)
    {
        if (Ended)
        {
            throw Broken("it sent more after its result.");
        }

        return step switch
        {
            MinerTokens tokens => Tokens(tokens.Tokens),
            MinerResult result => Result(result),
            _ => throw Broken($"it sent an unknown step '{step?.GetType().Name}'."),
        };
    }

    /// <summary>Called when the stream is over.</summary>
    /// <exception cref="MinerFailedException">It is over before a result came.</exception>
    public void End()
    {
        if (!Ended)
        {
            throw Broken($"its stream ended after {OutputTokens} tokens without a result.");
        }
    }

    private JobTokens Tokens(ImmutableArray<int> tokens)
    {
        if (tokens.IsDefaultOrEmpty)
        {
            throw Broken("it sent a step without tokens.");
        }

        if (tokens.Length > request.MaxTokens - OutputTokens)
        {
            throw Broken($"it sent more than the {request.MaxTokens} tokens asked for.");
        }

        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)request.VocabularySize)
            {
                throw Broken($"it sent token {token}; the vocabulary has {request.VocabularySize}.");
            }
        }

        OutputTokens += tokens.Length;
        return new JobTokens(tokens);
    }

    private JobResult Result(MinerResult result)
    {
        if (!Enum.IsDefined(result.StopReason))
        {
            throw Broken($"it sent the unknown stop reason {(int)result.StopReason}.");
        }

        if (result.Usage is null
            || result.Usage.OutputTokens != OutputTokens
            || result.Usage.PromptTokens != request.Prompt.Length)
        {
            throw Broken(
                $"it counted {result.Usage?.PromptTokens} + {result.Usage?.OutputTokens} tokens;"
                + $" {request.Prompt.Length} + {OutputTokens} were seen.");
        }

        if (OutputTokens == 0 || (result.StopReason == StopReason.MaxTokens && OutputTokens != request.MaxTokens))
        {
            throw Broken($"it ended for {result.StopReason} after {OutputTokens} of {request.MaxTokens} tokens.");
        }

        Ended = true;
        return new JobResult(result.StopReason, result.Usage);
    }

    private MinerFailedException Broken(string reason) => new(minerId, reason);
}
