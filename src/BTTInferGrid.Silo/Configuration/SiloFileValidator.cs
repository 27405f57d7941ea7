using System.Net;
using BTTInferGrid.Silo.Catalogue;
using BTTInferGrid.Silo.Files;
using BTTInferGrid.Silo.Hosting;

namespace BTTInferGrid.Silo.Configuration;

/// <summary>Checks what a JSON type cannot: ranges, references, files. silo.schema.json has the same ranges.</summary>
internal static class SiloFileValidator
{
    public const int MaxPort = 65535;
    public const int MaxMiners = 64;

    private const int MaxContext = 1 << 20;
    private const int MaxSequences = 255;
    private const int MinCache = 256;
    private const int MaxCache = 1 << 24;
    private const int MaxBatch = 4096;
    private const int MaxThreads = 512;

    /// <exception cref="Exception">A value is wrong: what <paramref name="check"/> makes of it.</exception>
    public static void Validate(SiloFile file, FieldCheck check)
    {
        check.Require(
            IPAddress.TryParse(file.Front.Address, out _), "front.address", $"'{file.Front.Address}' is not an IP address.");
        check.Range(file.Front.Port, 0, MaxPort, "front.port");
        if (file.Cluster is { } cluster)
        {
            check.Require(!string.IsNullOrWhiteSpace(cluster.Database), "cluster.database", "it is missing; name a PostgreSQL database, or set BTTGRID_DATABASE.");
            check.Require(IPAddress.TryParse(cluster.Address, out var address), "cluster.address", $"'{cluster.Address}' is not an IP address.");
            check.Range(cluster.Port, 0, MaxPort, "cluster.port");
            check.Require(
                IPAddress.IsLoopback(address!) || cluster.SecretFile is not null,
                "cluster.secretFile",
                $"it is missing; without a secret, whoever reaches {cluster.Address} could pose as a core silo.");
        }

        check.Require(
            file.Telemetry.OtlpEndpoint is null || Telemetry.IsEndpoint(file.Telemetry.OtlpEndpoint),
            "telemetry.otlpEndpoint",
            $"'{file.Telemetry.OtlpEndpoint}' is not the address of a collector, such as http://127.0.0.1:4317.");

        var ids = new HashSet<string>();
        for (var i = 0; i < file.Models.Count; i++)
        {
            ValidateModel(file.Models[i], $"models[{i}]", check);
            check.Require(ids.Add(file.Models[i].Id), $"models[{i}].id", $"'{file.Models[i].Id}' is there twice.");
        }
    }

    /// <summary>Checks what a miner runs against the model that it serves.</summary>
    /// <exception cref="Exception">A value is wrong: what <paramref name="check"/> makes of it.</exception>
    public static void ValidateMiner(MinerSection miner, ModelSection model, FieldCheck check)
    {
        check.Range(miner.Count, 1, MaxMiners, "miner.count");
        check.Require(
            miner.Gateway is null || Gateways.TryParse(miner.Gateway, out _),
            "miner.gateway",
            $"'{miner.Gateway}' is not the address of a grid, such as wss://grid.example/edge.");
        check.Require(miner.Ask is { Prompt: >= 0, Output: >= 0 }, "miner.ask", "a price must not be negative.");
        check.Range(miner.MaxSequences, 1, MaxSequences, "miner.maxSequences");
        check.Range(miner.CacheTokens, MinCache, MaxCache, "miner.cacheTokens");
        check.Require(
            model.ContextTokens <= miner.CacheTokens,
            "miner.cacheTokens",
            $"it is {miner.CacheTokens}; one request of '{model.Id}' may need {model.ContextTokens}.");
        check.Range(miner.BatchTokens, miner.MaxSequences + 1, Math.Min(MaxBatch, miner.CacheTokens), "miner.batchTokens");
        check.Range(miner.PromptTokensBesideStreams, 1, MaxBatch, "miner.promptTokensBesideStreams");
        check.Range(miner.RetainedTokens ?? 0, 0, MaxCache, "miner.retainedTokens");
        check.Range(miner.Threads, 0, MaxThreads, "miner.threads");
    }

    private static void ValidateModel(ModelSection model, string at, FieldCheck check)
    {
        check.Require(ModelIds.IsValid(model.Id), $"{at}.id", ModelIds.Rule);
        check.Require(File.Exists(model.File), $"{at}.file", $"there is no file {model.File}.");
        check.Require(model.Sha256 is null || ModelIds.IsSha256(model.Sha256), $"{at}.sha256", ModelIds.Sha256Rule);
        check.Range(model.ContextTokens, 2, MaxContext, $"{at}.contextTokens");
        check.Range(model.DefaultMaxTokens, 1, model.ContextTokens - 1, $"{at}.defaultMaxTokens");
    }
}
