using System.Text.Json;

namespace BTTInferGrid.Chain.Generator;

/// <summary>What forge wrote of one contract.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytecode">The code that deploys it, in hex; empty for an interface.</param>
/// <param name="Entries">Its functions, events and errors.</param>
/// <param name="Notices">What its NatSpec tells users, by signature.</param>
internal sealed record ContractArtifact(
    string Name, string Bytecode, IReadOnlyList<AbiEntry> Entries, IReadOnlyDictionary<string, string> Notices)
{
    public static ContractArtifact Load(string folder, string name)
    {
        var file = Path.Combine(folder, $"{name}.sol", $"{name}.json");
        if (!File.Exists(file))
        {
            throw new BindingException($"{file} is not there. Each contract is in a file of its own name; run forge build.");
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        var root = document.RootElement;
        var bytecode = root.GetProperty("bytecode").GetProperty("object").GetString() ?? "";
        if (bytecode.Contains('_', StringComparison.Ordinal))
        {
            throw new BindingException($"{name} is linked with a library when it is deployed. Make the library's functions internal.");
        }

        return new ContractArtifact(
            name,
            bytecode.StartsWith("0x", StringComparison.Ordinal) ? bytecode[2..] : bytecode,
            [.. root.GetProperty("abi").EnumerateArray().Select(AbiEntry.Read)],
            ReadNotices(root));
    }

    private static Dictionary<string, string> ReadNotices(JsonElement root)
    {
        var notices = new Dictionary<string, string>();
        if (!root.TryGetProperty("metadata", out var metadata) || metadata.ValueKind != JsonValueKind.Object
            || !metadata.GetProperty("output").TryGetProperty("userdoc", out var documents))
        {
            return notices;
        }

        foreach (var kind in (string[])["methods", "events", "errors"])
        {
            if (!documents.TryGetProperty(kind, out var members))
            {
                continue;
            }

            foreach (var member in members.EnumerateObject())
            {
                // Errors have a list, since two of the same name may be declared.
                var document = member.Value.ValueKind == JsonValueKind.Array ? member.Value[0] : member.Value;
                if (document.ValueKind == JsonValueKind.Object && document.TryGetProperty("notice", out var notice))
                {
                    notices[member.Name] = notice.GetString()!;
                }
            }
        }

        return notices;
    }
}
