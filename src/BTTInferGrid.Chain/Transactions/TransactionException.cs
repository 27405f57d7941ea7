namespace BTTInferGrid.Chain.Transactions;

/// <summary>An intent that does not do what it was to do.</summary>
public abstract class TransactionException : Exception
{
    private protected TransactionException(string key, string message)
        : base(message)
    {
        Key = key;
    }

    /// <summary>The key of the intent.</summary>
    public string Key { get; }
}
