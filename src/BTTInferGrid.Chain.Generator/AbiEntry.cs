using System.Text.Json;

namespace BTTInferGrid.Chain.Generator;

/// <summary>One entry of a contract's interface.</summary>
/// <param name="Kind">function, event, error, constructor, receive or fallback.</param>
/// <param name="Name">Its name; empty for what has none.</param>
/// <param name="Inputs">Its parameters.</param>
/// <param name="Outputs">What it returns.</param>
/// <param name="IsAnonymous">An event without a topic of its own.</param>
internal sealed record AbiEntry(
    string Kind, string Name, IReadOnlyList<AbiParameter> Inputs, IReadOnlyList<AbiParameter> Outputs, bool IsAnonymous)
{
    /// <summary>Name and types, which its selector or topic is the hash of.</summary>
    public string Signature => $"{Name}({string.Join(',', Inputs.Select(static input => input.CanonicalType))})";

    public static AbiEntry Read(JsonElement json) => new(
        json.GetProperty("type").GetString()!,
        json.TryGetProperty("name", out var name) ? name.GetString()! : "",
        AbiParameter.ReadAll(json, "inputs"),
        AbiParameter.ReadAll(json, "outputs"),
        json.TryGetProperty("anonymous", out var anonymous) && anonymous.GetBoolean());
}
