using System.Text.Json;
using System.Text.Json.Serialization;
using BTTInferGrid.Silo.Configuration;

namespace BTTInferGrid.Silo.Catalogue;

/// <summary>The contents of <c>models/catalogue.json</c>: the models that the program knows by name.</summary>
internal sealed record CatalogueFile
{
    [JsonPropertyName("$schema")]
    public string? Schema { get; set; }

    public required IReadOnlyList<CatalogueEntry> Models { get; init; }
}

/// <summary>A published model, in any of its quantisations.</summary>
internal sealed record CatalogueEntry
{
    /// <summary>The name of <c>bttgrid models add</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What its publisher calls it.</summary>
    public required string Name { get; init; }

    public required string Publisher { get; init; }

    /// <summary>The architecture that its files name, such as <c>qwen2</c>.</summary>
    public required string Family { get; init; }

    /// <summary>llama.cpp's name of its chat template, which is in the file.</summary>
    public required string ChatTemplate { get; init; }

    /// <summary>Longest sequence it was trained for.</summary>
    public required int ContextTokens { get; init; }

    public required IReadOnlyList<CatalogueQuantization> Quantizations { get; init; }

    /// <summary>The page where its publisher offers it; null for a file that ships with the program.</summary>
    public string? Source { get; set; }

    /// <summary>The file that ships beside the catalogue; null for all other models.</summary>
    public string? File { get; set; }

    /// <summary>SHA-256 of <see cref="File"/>.</summary>
    public string? Sha256 { get; set; }

    public required string License { get; init; }

    /// <summary>What a miner of it is asked before it gets jobs.</summary>
    public ProbeSection? Probe { get; set; }
}

/// <summary>A size in which a model is to be had.</summary>
internal sealed record CatalogueQuantization
{
    /// <summary>As files and people write it, such as <c>Q4_K_M</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Length of the file, about.</summary>
    public required long Bytes { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CatalogueFile))]
internal sealed partial class CatalogueFileContext : JsonSerializerContext;
