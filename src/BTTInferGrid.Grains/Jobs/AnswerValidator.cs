using BTTInferGrid.Compute;
using BTTInferGrid.Inference;
using StopReason = BTTInferGrid.Compute.StopReason;

namespace BTTInferGrid.Grains.Jobs;

/// <summary>
/// Validates a miner's stream against the request: a miner may be anyone. What holds at every step: 0 &lt;= token &lt;
/// vocabulary size, tokens of the answer &lt;= tokens asked for, nothing after the end of the answer, at least one token unless
/// another miner has made some, and the result's counts are the counts that were seen. An answer ends only for a reason that
/// its tokens show: an end token, a stop string, or the limit, so a miner cannot cut it short.
/// </summary>
internal sealed class AnswerValidator
{
    private readonly string _minerId;
    private readonly JobRequest _job;
    private readonly Vocabulary _vocabulary;
    private readonly TokenText? _text;
    private readonly int _answered;
    private bool _hasEndToken;

    public AnswerValidator(AttemptPlan plan)
    {
        _minerId = plan.MinerId;
        _job = plan.Job;
        _vocabulary = plan.Vocabulary;
        _answered = plan.Answered.Length;
        _text = plan.Job.Stop.IsDefaultOrEmpty ? null : new TokenText(plan.Vocabulary, plan.Job.Stop);
        foreach (var token in plan.Answered)
        {
            Follow(token);
        }
    }

    /// <summary>Tokens that this miner has made.</summary>
    public int OutputTokens { get; private set; }

    /// <summary>Whether the result came.</summary>
    public bool Ended { get; private set; }

    private bool HasStopString => _text?.Stop is not null;

    /// <summary>Validates one step.</summary>
    /// <returns>The step; of a result, with the counts of the whole answer.</returns>
    /// <exception cref="MinerFailedException">The step breaks the protocol.</exception>
    public JobEvent Next(JobEvent step)
    {
        if (Ended)
        {
            throw Broken("it sent more after its result.");
        }

        return step switch
        {
            JobTokens tokens => Tokens(tokens),
            JobResult result => Result(result),
            JobWaiting waiting => waiting,
            _ => throw Broken("it sent an unknown step."),
        };
    }

    /// <summary>The stream is over.</summary>
    /// <exception cref="MinerFailedException">It is over before a result came.</exception>
    public void End()
    {
        if (!Ended)
        {
            throw Broken($"its stream ended after {OutputTokens} tokens without a result.");
        }
    }

    private JobTokens Tokens(JobTokens step)
    {
        var tokens = step.Tokens;
        if (tokens.IsDefaultOrEmpty)
        {
            throw Broken("it sent a step without tokens.");
        }

        if (tokens.Length > _job.MaxTokens - _answered - OutputTokens)
        {
            throw Broken($"it sent more than the {_job.MaxTokens} tokens asked for.");
        }

        foreach (var token in tokens)
        {
            RequireToken(token);
            if (_hasEndToken || HasStopString)
            {
                throw Broken("it continued after the end of the answer.");
            }

            Follow(token);
        }

        CheckLogProbs(step);
        OutputTokens += tokens.Length;
        return step;
    }

    private void CheckLogProbs(JobTokens step)
    {
        var given = step.LogProbs.IsDefault ? 0 : step.LogProbs.Length;
        if (given != (_job.TopLogProbs is null ? 0 : step.Tokens.Length))
        {
            throw Broken($"it sent {given} log-probabilities for {step.Tokens.Length} tokens.");
        }

        for (var i = 0; i < given; i++)
        {
            var logProb = step.LogProbs[i];
            if (logProb is null || logProb.Top.IsDefault || logProb.Top.Length != Math.Min(_job.TopLogProbs ?? 0, _job.VocabularySize))
            {
                throw Broken("it sent another number of likely tokens than was asked for.");
            }

            RequireProbability(logProb.LogProbability);
            foreach (var likely in logProb.Top)
            {
                RequireToken(likely.Token);
                RequireProbability(likely.LogProbability);
            }
        }
    }

    private JobResult Result(JobResult result)
    {
        if (!Enum.IsDefined(result.StopReason))
        {
            throw Broken($"it sent the unknown stop reason {(int)result.StopReason}.");
        }

        if (result.Usage is null
            || result.Usage.OutputTokens != OutputTokens
            || result.Usage.PromptTokens != _job.Prompt.Length
            || (uint)result.Usage.CachedPromptTokens > (uint)_job.Prompt.Length)
        {
            throw Broken(
                $"it counted {result.Usage?.PromptTokens} ({result.Usage?.CachedPromptTokens} cached) + {result.Usage?.OutputTokens} tokens;"
                + $" {_job.Prompt.Length} + {OutputTokens} were seen.");
        }

        var made = _answered + OutputTokens;
        var isRight = result.StopReason switch
        {
            StopReason.EndOfGeneration => _hasEndToken,
            StopReason.StopString => HasStopString,
            _ => made == _job.MaxTokens,
        };
        if (made == 0 || !isRight)
        {
            throw Broken($"it ended for {result.StopReason} after {made} of {_job.MaxTokens} tokens, which do not show that.");
        }

        Ended = true;
        return _answered == 0 ? result : result with { Usage = result.Usage with { OutputTokens = made } };
    }

    private void Follow(int token)
    {
        _hasEndToken |= _vocabulary.IsEndOfGeneration(token);
        _text?.Append(token);
    }

    private void RequireToken(int token)
    {
        if ((uint)token >= (uint)_job.VocabularySize)
        {
            throw Broken($"it sent token {token}; the vocabulary has {_job.VocabularySize}.");
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

    private MinerFailedException Broken(string reason) => new(_minerId, reason);
}
