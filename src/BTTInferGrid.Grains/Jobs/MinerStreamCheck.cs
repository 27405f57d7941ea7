using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Jobs;

/// <summary>
/// Checks a miner's stream against the request, since a miner may be anyone. What holds at every step:
/// 0 &lt;= token &lt; vocabulary size, tokens of the answer &lt;= tokens asked for, nothing after the result, at least one token
/// before it unless another miner has made some, and the result's counts are the counts that were seen.
/// </summary>
/// <param name="minerId">The miner, for errors.</param>
/// <param name="request">What was asked for.</param>
/// <param name="answered">Tokens of the answer that other miners had made.</param>
internal sealed class MinerStreamCheck(string minerId, JobRequest request, int answered = 0)
{
    /// <summary>Tokens that this miner has made.</summary>
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
            MinerTokens tokens => Tokens(tokens),
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

    private JobTokens Tokens(MinerTokens step)
    {
        var tokens = step.Tokens;
        if (tokens.IsDefaultOrEmpty)
        {
            throw Broken("it sent a step without tokens.");
        }

        if (tokens.Length > request.MaxTokens - answered - OutputTokens)
        {
            throw Broken($"it sent more than the {request.MaxTokens} tokens asked for.");
        }

        foreach (var token in tokens)
        {
            RequireToken(token);
        }

        CheckLikelihoods(step);
        OutputTokens += tokens.Length;
        return new JobTokens(tokens, step.Likelihoods);
    }

    private void CheckLikelihoods(MinerTokens step)
    {
        var given = step.Likelihoods.IsDefault ? 0 : step.Likelihoods.Length;
        if (given != (request.TopLikelihoods is null ? 0 : step.Tokens.Length))
        {
            throw Broken($"it sent {given} likelihoods for {step.Tokens.Length} tokens.");
        }

        for (var i = 0; i < given; i++)
        {
            var likelihood = step.Likelihoods[i];
            if (likelihood is null || likelihood.Top.IsDefault || likelihood.Top.Length != Math.Min(request.TopLikelihoods ?? 0, request.VocabularySize))
            {
                throw Broken("it sent another number of likely tokens than was asked for.");
            }

            RequireProbability(likelihood.LogProbability);
            foreach (var likely in likelihood.Top)
            {
                RequireToken(likely.Token);
                RequireProbability(likely.LogProbability);
            }
        }
    }

    private JobResult Result(MinerResult result)
    {
        if (!Enum.IsDefined(result.StopReason))
        {
            throw Broken($"it sent the unknown stop reason {(int)result.StopReason}.");
        }

        if (result.Usage is null
            || result.Usage.OutputTokens != OutputTokens
            || result.Usage.PromptTokens != request.Prompt.Length
            || (uint)result.Usage.CachedPromptTokens > (uint)request.Prompt.Length)
        {
            throw Broken(
                $"it counted {result.Usage?.PromptTokens} ({result.Usage?.CachedPromptTokens} cached) + {result.Usage?.OutputTokens} tokens;"
                + $" {request.Prompt.Length} + {OutputTokens} were seen.");
        }

        var made = answered + OutputTokens;
        if (made == 0 || (result.StopReason == StopReason.MaxTokens && made != request.MaxTokens))
        {
            throw Broken($"it ended for {result.StopReason} after {made} of {request.MaxTokens} tokens.");
        }

        Ended = true;
        return new JobResult(result.StopReason, result.Usage with { OutputTokens = made });
    }

    private void RequireToken(int token)
    {
        if ((uint)token >= (uint)request.VocabularySize)
        {
            throw Broken($"it sent token {token}; the vocabulary has {request.VocabularySize}.");
        }
    }

    private void RequireProbability(float logProbability)
    {
        // Also false for what is not a number.
        if (!(logProbability <= 0))
        {
            throw Broken($"it sent the log-probability {logProbability}.");
        }
    }

    private MinerFailedException Broken(string reason) => new(minerId, reason);
}
