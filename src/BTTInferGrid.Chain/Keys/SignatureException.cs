namespace BTTInferGrid.Chain.Keys;

/// <summary>Bytes are not a signature, or not one that any key gives.</summary>
public sealed class SignatureException : FormatException
{
    internal SignatureException(string problem)
        : base($"Not a signature: {problem} Ask the signer for a new one.")
    {
    }
}
