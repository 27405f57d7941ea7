namespace BTTInferGrid.Chain.Contracts;

/// <summary>A refusal that is not in the interface of any contract of the grid.</summary>
/// <param name="Data">Its first 64 bytes in hex; empty if the contract gave no reason.</param>
public sealed record UnknownError(string Data) : ContractError;
