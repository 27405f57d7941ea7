namespace BTTInferGrid.Chain.SignIn;

/// <summary>Why a sign-in is refused.</summary>
public enum SignInFault
{
    /// <summary>The message does not have the form of EIP-4361.</summary>
    Malformed,

    /// <summary>It was made for another domain: someone may have passed it on.</summary>
    Domain,

    /// <summary>It was made for another chain.</summary>
    ChainId,

    /// <summary>Its nonce is not the one that was given out: it may have been used before.</summary>
    Nonce,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>Its time is yet to come.</summary>
    NotYetValid,

    /// <summary>It is not signed by the account that it names.</summary>
    Signature,
}
