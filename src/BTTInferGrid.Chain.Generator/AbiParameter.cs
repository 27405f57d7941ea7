using System.Text.Json;

namespace BTTInferGrid.Chain.Generator;

/// <summary>A parameter, a returned value, or a member of a struct.</summary>
/// <param name="Name">Its name; may be empty.</param>
/// <param name="Type">Its ABI type; <c>tuple</c> for a struct.</param>
/// <param name="InternalType">Its type in Solidity: <c>struct Voucher[]</c>.</param>
/// <param name="Components">A struct's members.</param>
/// <param name="IsIndexed">Whether it is a topic of an event.</param>
internal sealed record AbiParameter(
    string Name, string Type, string InternalType, IReadOnlyList<AbiParameter> Components, bool IsIndexed)
{
    public string CanonicalType => Type.StartsWith("tuple", StringComparison.Ordinal)
        ? $"({string.Join(',', Components.Select(static one => one.CanonicalType))}){Type["tuple".Length..]}"
        : Type;

    public static IReadOnlyList<AbiParameter> ReadAll(JsonElement json, string property) =>
        json.TryGetProperty(property, out var parameters) ? [.. parameters.EnumerateArray().Select(Read)] : [];

    private static AbiParameter Read(JsonElement json) => new(
        json.GetProperty("name").GetString()!,
        json.GetProperty("type").GetString()!,
        json.TryGetProperty("internalType", out var type) ? type.GetString()! : "",
        ReadAll(json, "components"),
        json.TryGetProperty("indexed", out var indexed) && indexed.GetBoolean());
}
