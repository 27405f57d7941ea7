namespace BTTInferGrid.Chain.SignIn;

/// <summary>What a sign-in must be for.</summary>
/// <param name="Domain">The authority at which people reach this service, compared to the letter.</param>
/// <param name="ChainId">The EIP-155 id.</param>
/// <param name="Nonce">The nonce that was given out, for one sign-in.</param>
public sealed record SignInExpectation(string Domain, ulong ChainId, string Nonce);
