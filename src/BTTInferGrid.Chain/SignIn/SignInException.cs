namespace BTTInferGrid.Chain.SignIn;

/// <summary>A sign-in with an account (EIP-4361) is refused.</summary>
public sealed class SignInException : Exception
{
    internal SignInException(SignInFault fault, string problem, Exception? cause = null)
        : base($"The sign-in is refused: {problem} Ask for a new nonce and sign in again.", cause)
    {
        Fault = fault;
    }

    /// <summary>Why.</summary>
    public SignInFault Fault { get; }
}
