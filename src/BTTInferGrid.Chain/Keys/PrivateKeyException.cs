namespace BTTInferGrid.Chain.Keys;

/// <summary>Bytes are not a private key. The message does not repeat them.</summary>
public sealed class PrivateKeyException : FormatException
{
    internal PrivateKeyException()
        : base("Not a private key: it is 32 bytes, as a number from 1 to the order of secp256k1 less one.")
    {
    }
}
