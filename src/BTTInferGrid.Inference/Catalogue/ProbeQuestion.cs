namespace BTTInferGrid.Inference;

/// <summary>A question that a model answers right at temperature 0, so that a miner of it can be told from an impostor.</summary>
/// <param name="Question">What a user would write.</param>
/// <param name="Answer">A text that the answer contains, in any case.</param>
public sealed record ProbeQuestion(string Question, string Answer);
