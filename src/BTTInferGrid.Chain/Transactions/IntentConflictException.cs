namespace BTTInferGrid.Chain.Transactions;

/// <summary>An intent was submitted under a key that stands for another one.</summary>
public sealed class IntentConflictException : TransactionException
{
    internal IntentConflictException(string key)
        : base(key, $"'{key}' was submitted before with other contents. Give each intent a key of its own.")
    {
    }
}
