namespace BTTInferGrid.Chain.Transactions;

/// <summary>What a node made of signed bytes.</summary>
internal enum SendOutcome
{
    /// <summary>It has them.</summary>
    Taken,

    /// <summary>It wants more per unit of gas.</summary>
    TooCheap,

    /// <summary>It does not want them.</summary>
    NotTaken,
}
