namespace BTTInferGrid.Chain.Contracts;

/// <summary>A refusal in words, <c>Error(string)</c>.</summary>
/// <param name="Text">The words, at most 256 characters of them.</param>
public sealed record RevertMessage(string Text) : ContractError;
