using BTTInferGrid.Accounts;

namespace BTTInferGrid.Front.Keys;

/// <summary>Says on a route what its callers' keys must be for; the innermost one counts.</summary>
/// <param name="Scope">One scope.</param>
internal sealed record RequiredScope(ApiKeyScopes Scope);
