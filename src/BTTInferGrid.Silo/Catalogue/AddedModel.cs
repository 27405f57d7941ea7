using System.Text.Json.Serialization;
using BTTInferGrid.Silo.Configuration;

namespace BTTInferGrid.Silo.Catalogue;

/// <summary>A model that its owner has added to the home folder. Its hash is that of the moment it was added.</summary>
internal sealed record AddedModel
{
    /// <summary>Name that clients use.</summary>
    public required string Id { get; init; }

    /// <summary>Its entry in the catalogue; null when it has none.</summary>
    public string? Catalogue { get; set; }

    /// <summary>The file or the first of its parts: a copy below the store's folder, or a path of its owner's.</summary>
    public required string File { get; init; }

    /// <summary>Whether the files are the store's own copy.</summary>
    public required bool Copied { get; init; }

    public required string Sha256 { get; init; }

    /// <summary>Length of all parts together.</summary>
    public required long Bytes { get; init; }

    public required string Architecture { get; init; }

    public required string Quantization { get; init; }

    /// <summary>Most tokens, prompt and answer together, of one request.</summary>
    public required int ContextTokens { get; init; }

    /// <summary>What a miner of it is asked before it gets jobs.</summary>
    public ProbeSection? Probe { get; set; }

    public ModelSection ToSection(ModelStore store) => new()
    {
        Id = Id,
        File = store.PathOf(this),
        Sha256 = Sha256,
        ContextTokens = ContextTokens,
        DefaultMaxTokens = Math.Min(DefaultMaxTokens, ContextTokens - 1),
        Probe = Probe,
    };

    private const int DefaultMaxTokens = 256;
}

/// <summary>The contents of <c>models.json</c> in the home folder.</summary>
internal sealed record AddedModelsFile
{
    public required IReadOnlyList<AddedModel> Models { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    WriteIndented = true)]
[JsonSerializable(typeof(AddedModelsFile))]
internal sealed partial class AddedModelsContext : JsonSerializerContext;
