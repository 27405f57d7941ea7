namespace BTTInferGrid.Chain.Keystore;

/// <summary>A password does not open a keystore. A keystore whose bytes were changed looks the same.</summary>
public sealed class WrongPasswordException : KeystoreException
{
    internal WrongPasswordException()
        : base(
            "The password does not open this keystore. Type it again; if it is surely right, the keystore is damaged.")
    {
    }
}
