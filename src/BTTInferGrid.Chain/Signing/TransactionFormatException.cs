namespace BTTInferGrid.Chain.Signing;

/// <summary>Bytes are not a signed transaction of a supported kind.</summary>
public sealed class TransactionFormatException : FormatException
{
    internal TransactionFormatException(string problem, Exception? cause = null)
        : base($"Not a transaction of EIP-1559 or EIP-155: {problem}", cause)
    {
    }
}
