using System.Text.Json;
using System.Text.Json.Serialization;
using BTTInferGrid.Grains.Jobs;
using BTTInferGrid.Grains.Miners;
using BTTInferGrid.Grains.Routing;

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

    public ClusterSection? Cluster { get; set; }

    public ChainSection Chain { get; set; } = new();

    public TelemetrySection Telemetry { get; set; } = new();

    public RoutingOptions Routing { get; set; } = new();

    public JobOptions Jobs { get; set; } = new();

    public MinerOptions Miners { get; set; } = new();
}

/// <summary>Where HTTP clients and nodes reach the grid.</summary>
internal sealed record FrontSection
{
    public string Address { get; set; } = "127.0.0.1";

    public int Port { get; set; } = 8080;

    /// <summary>A port for nodes alone, HTTP/2 only; null serves them on <see cref="Port"/>.</summary>
    public int? LinkPort { get; set; }

    /// <summary>
    /// Names by which nodes dial this front. A node proves its identity to one of them. Empty accepts the IP address of the
    /// connection, and <c>localhost</c>.
    /// </summary>
    public IReadOnlyList<string> Hosts { get; set; } = [];

    /// <summary>PEM file with the certificate and its chain; null listens without TLS.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file with the certificate's private key.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Serves the dashboard of Orleans, for keys of the scope <c>admin</c>.</summary>
    public bool Dashboard { get; set; }

    /// <summary>Accepts links without TLS at an address that is not of this machine only.</summary>
    public bool AllowPlainLinks { get; set; }
}

/// <summary>Core silos that are one grid: they share a PostgreSQL database. Left out, a core silo is alone.</summary>
internal sealed record ClusterSection
{
    /// <summary>
    /// Connection string of the database. It may hold a password: <c>BTTGRID_DATABASE</c> of the environment goes before it.
    /// </summary>
    public string? Database { get; set; }

    /// <summary>IP address at which other core silos reach this one.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port for them; 0 chooses a free one, and keeps it.</summary>
    public int Port { get; set; } = 11111;

    /// <summary>The port for fronts in processes of their own; 0 chooses a free one, and keeps it.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>Certificates; needed where <see cref="Address"/> is not of this machine only.</summary>
    public TlsSection? Tls { get; set; }
}

/// <summary>What the processes of a cluster know each other by: PEM files, relative to the folder of silo.json.</summary>
internal sealed record TlsSection
{
    /// <summary>The certificate of this process.</summary>
    public required string Certificate { get; init; }

    /// <summary>Its private key, without a password.</summary>
    public required string Key { get; init; }

    /// <summary>The certificate of the authority that has issued the certificates of all of them, and no others.</summary>
    public required string Authority { get; init; }
}

/// <summary>The chain of stakes, deposits and payouts.</summary>
internal sealed record ChainSection
{
    /// <summary>Whether a local grid has a chain of its own, with the grid's contracts and play money.</summary>
    public bool Local { get; set; }
}

/// <summary>What the process tells of itself, and to whom.</summary>
internal sealed record TelemetrySection
{
    /// <summary>
    /// A collector of spans and metrics, such as <c>http://127.0.0.1:4317</c>; null for none. The environment's
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> goes before it.
    /// </summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary>Who may read <c>/metrics</c>; null opens it when the front listens to this machine only.</summary>
    public MetricsAccess? Metrics { get; set; }
}

/// <summary>A model that clients may name.</summary>
internal sealed record ModelSection
{
    public required string Id { get; init; }

    /// <summary>GGUF file, relative to the folder of silo.json.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 that the file must have; null for any.</summary>
    public string? Sha256 { get; set; }

    /// <summary>Most tokens, prompt and answer together, of one request.</summary>
    public required int ContextTokens { get; init; }

    /// <summary>Length limit of an answer when the client names none.</summary>
    public int DefaultMaxTokens { get; set; } = 256;

    /// <summary>What a miner of it is asked before it gets jobs.</summary>
    public ProbeSection? Probe { get; set; }
}

/// <summary>A question that the model answers right at temperature 0.</summary>
internal sealed record ProbeSection
{
    public required string Question { get; init; }

    /// <summary>A text that the answer contains, in any case.</summary>
    public required string Answer { get; init; }
}

/// <summary>What a miner wants to be paid, in millionths of a BTT for a thousand tokens.</summary>
internal sealed record AskSection
{
    public long Prompt { get; set; }

    public long Output { get; set; }
}

/// <summary>What a miner runs that is started with this file; left out, none can be.</summary>
internal sealed record MinerSection
{
    /// <summary>Miner processes of a local grid.</summary>
    public int Count { get; set; } = 2;

    /// <summary>Fronts of the grid to join, such as <c>https://grid.example</c>; one is used at a time.</summary>
    public IReadOnlyList<string> Fronts { get; set; } = [];

    /// <summary>Allows fronts of scheme <c>http</c> on other machines. Jobs and answers then travel unencrypted.</summary>
    public bool AllowPlainText { get; set; }

    /// <summary>What it wants to be paid.</summary>
    public AskSection Ask { get; set; } = new();

    /// <summary>Id of the model it serves.</summary>
    public required string Model { get; init; }

    /// <summary>Most requests that are decoded together.</summary>
    public int MaxSequences { get; set; } = 32;

    /// <summary>Size of the KV cache, in tokens, that all running requests share.</summary>
    public int CacheTokens { get; set; } = 8192;

    /// <summary>Tokens computed in one step.</summary>
    public int BatchTokens { get; set; } = 512;

    /// <summary>Prompt tokens that a step may always compute beside requests that write.</summary>
    public int PromptTokensBesideStreams { get; set; } = 64;

    /// <summary>Cache tokens in use up to which those of ended requests are kept; null for an eighth of the cache.</summary>
    public int? RetainedTokens { get; set; }

    /// <summary>Threads of the engine; 0 takes the number of cores less one.</summary>
    public int Threads { get; set; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SiloFile))]
internal sealed partial class SiloFileContext : JsonSerializerContext;
