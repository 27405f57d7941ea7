using BTTInferGrid.Accounts;

namespace BTTInferGrid.Front.Keys;

/// <summary>Who sends a request: its key, authenticated.</summary>
/// <param name="Hash">Hash of the key.</param>
/// <param name="Record">What the grid knows of it.</param>
internal sealed record Caller(string Hash, ApiKeyRecord Record);
