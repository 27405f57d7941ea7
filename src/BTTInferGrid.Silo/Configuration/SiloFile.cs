using System.Text.Json;
using System.Text.Json.Serialization;

namespace BTTInferGrid.Silo.Configuration;

/// <summary>
/// The contents of <c>silo.json</c>. A name that is not here is an error, so that a typing mistake is seen. Members with
/// a default are settable, since the generated reader gives every init member a value, written or not.
/// </summary>
internal sealed record SiloFile
{
    [JsonPropertyName("$schema")]
    public string? Schema { get; set; }

    public FrontSection Front { get; set; } = new();

    public IReadOnlyList<ModelSection> Models { get; set; } = [];

    public MinerSection? Miner { get; set; }
}

/// <summary>The HTTP API.</summary>
internal sealed record FrontSection
{
    public string Address { get; set; } = "127.0.0.1";

    public int Port { get; set; } = 8080;
}

/// <summary>A model that clients may name.</summary>
internal sealed record ModelSection
{
    public required string Id { get; init; }

    /// <summary>GGUF file, relative to the folder of silo.json.</summary>
    public required string File { get; init; }

    /// <summary>Most tokens, prompt and answer together, of one request.</summary>
    public required int ContextTokens { get; init; }

    /// <summary>Length limit of an answer when the client names none.</summary>
    public int DefaultMaxTokens { get; set; } = 256;
}

/// <summary>The miner of this process; left out, it runs none.</summary>
internal sealed record MinerSection
{
    public required string Id { get; init; }

    /// <summary>Id of the model it serves.</summary>
    public required string Model { get; init; }

    /// <summary>Most requests that are decoded together.</summary>
    public int MaxSequences { get; set; } = 32;

    /// <summary>Size of the KV cache, in tokens, that all running requests share.</summary>
    public int CacheTokens { get; set; } = 8192;

    /// <summary>Threads of the engine; 0 takes the number of cores less one.</summary>
    public int Threads { get; set; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SiloFile))]
internal sealed partial class SiloFileContext : JsonSerializerContext;
