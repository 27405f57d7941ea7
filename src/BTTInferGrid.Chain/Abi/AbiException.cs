namespace BTTInferGrid.Chain.Abi;

/// <summary>A value cannot be encoded, or bytes are not what a contract of that interface answers with.</summary>
/// <param name="message">What is wrong, and where.</param>
public sealed class AbiException(string message) : Exception(message);
