namespace BTTInferGrid.Chain.TypedData;

/// <summary>
/// Typed data (EIP-712) that cannot be hashed, because it is not what its types say or they say nothing clear.
/// </summary>
public sealed class TypedDataException : FormatException
{
    internal TypedDataException(string problem, Exception? cause = null)
        : base($"Not typed data: {problem}", cause)
    {
    }
}
