using BTTInferGrid.Accounts;

namespace BTTInferGrid.Front.Keys;

/// <summary>The names of scopes in the API.</summary>
internal static class ScopeNames
{
    public static readonly (string Name, ApiKeyScopes Scope)[] All =
    [
        ("inference", ApiKeyScopes.Inference),
        ("admin", ApiKeyScopes.Admin),
    ];

    public static string Of(ApiKeyScopes scope) => Array.Find(All, entry => entry.Scope == scope).Name;

    /// <summary>The scope of this name; none when there is no such name.</summary>
    public static ApiKeyScopes Find(string name) => Array.Find(All, entry => entry.Name == name).Scope;
}
