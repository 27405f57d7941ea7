namespace BTTInferGrid.Silo.Chains;

/// <summary>What an action would do, as commands show it.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Account">Whose action it would be.</param>
/// <param name="GasPrice">Wei for a unit of gas, as a node asks now.</param>
/// <param name="Steps">Its transactions, in order.</param>
internal sealed record EstimateDocument(
    ulong ChainId, string Account, string GasPrice, IReadOnlyList<EstimatedStepDocument> Steps);

/// <summary>A transaction that would be sent.</summary>
/// <param name="Step">What it would do.</param>
/// <param name="Contract">The contract called.</param>
/// <param name="Call">The function, with its parameters' types.</param>
/// <param name="Gas">Units of gas; null if only the steps before make it possible.</param>
/// <param name="Fee">What that costs, in wei; null like <paramref name="Gas"/>.</param>
internal sealed record EstimatedStepDocument(string Step, string Contract, string Call, ulong? Gas, string? Fee);
