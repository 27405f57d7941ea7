namespace BTTInferGrid.Chain.Contracts;

/// <summary>Why a contract refused a call, with the values that it gave.</summary>
public abstract record ContractError;
