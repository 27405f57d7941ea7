namespace BTTInferGrid.Chain.Keystore;

/// <summary>A keystore cannot be read or written. No message repeats a password or a key.</summary>
public class KeystoreException : Exception
{
    internal KeystoreException(string problem, Exception? cause = null)
        : base(problem, cause)
    {
    }
}
