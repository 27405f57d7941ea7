namespace BTTInferGrid.Chain.Contracts;

/// <summary>Something that a contract told in a log.</summary>
public abstract record ContractEvent;
