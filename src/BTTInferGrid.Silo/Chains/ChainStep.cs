using BTTInferGrid.Chain.Contracts;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Silo.Chains;

/// <summary>One transaction of an action.</summary>
/// <param name="Name">What it does, in a word.</param>
/// <param name="Contract">The contract called.</param>
/// <param name="Call">The call.</param>
internal sealed record ChainStep(string Name, Address Contract, ContractCall Call);
