using BTTInferGrid.Compute;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Completions;

/// <summary>A token of an answer and how likely the model held it.</summary>
/// <param name="Vocabulary">Says what token ids stand for.</param>
/// <param name="Token">Token id.</param>
/// <param name="Offset">Where it begins in the answer's text, in characters (Unicode code points).</param>
/// <param name="LogProb">What the model thought of it.</param>
internal readonly record struct AnswerToken(Vocabulary Vocabulary, int Token, int Offset, TokenLogProb LogProb)
{
    // What OpenAI writes for a probability of 0, whose logarithm JSON cannot say.
    private const float Impossible = -9999;

    /// <summary>A log-probability as JSON can say it.</summary>
    public static float Finite(float logProbability) => Math.Max(logProbability, Impossible);
}
