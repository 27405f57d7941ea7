namespace BTTInferGrid.Chain.Transactions;

/// <summary>The kinds of refusal. The numbers are stored.</summary>
internal enum RefusalReason
{
    /// <summary>The contract refuses the call.</summary>
    Reverted = 1,

    /// <summary>Wei.</summary>
    InsufficientFunds = 2,

    /// <summary>Wei per unit of gas.</summary>
    FeeAboveCap = 3,

    /// <summary>Units of gas.</summary>
    GasAboveLimit = 4,
}
