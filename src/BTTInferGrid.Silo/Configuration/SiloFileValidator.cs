using System.Net;
using BTTInferGrid.Grains.Clustering;
using BTTInferGrid.Link;
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
        check.Range(file.Front.LinkPort ?? 0, 0, MaxPort, "front.linkPort");
        check.Require(
            file.Front.CertificateFile is null == file.Front.KeyFile is null, "front.keyFile",
            "front.certificateFile and front.keyFile are given together.");
        foreach (var host in file.Front.Hosts)
        {
            check.Require(LinkChallenge.IsName(host), "front.hosts", $"'{host}' is not the name of a host, such as grid.example.");
        }

        if (file.Cluster is { } cluster)
        {
            check.Require(!string.IsNullOrWhiteSpace(cluster.Database), "cluster.database", "it is missing; name a PostgreSQL database, or set BTTGRID_DATABASE.");
            check.Require(
                PostgresCluster.IsConnectionString(cluster.Database!), "cluster.database (or BTTGRID_DATABASE)",
                "it is not a connection string of PostgreSQL, such as Host=db.example;Database=grid;Username=grid.");
            check.Require(IPAddress.TryParse(cluster.Address, out var address), "cluster.address", $"'{cluster.Address}' is not an IP address.");
            check.Require(
                !address!.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any), "cluster.address",
                $"'{cluster.Address}' is no address at which other silos reach this one; name that of this machine.");
            check.Range(cluster.Port, 0, MaxPort, "cluster.port");
            check.Range(cluster.GatewayPort, 0, MaxPort, "cluster.gatewayPort");
            check.Require(
                IPAddress.IsLoopback(address) || cluster.Tls is not null,
                "cluster.tls",
                $"it is missing; without certificates, everybody who reaches {cluster.Address} could pose as a silo.");
            RequireFile(cluster.Tls?.Certificate, "cluster.tls.certificate", check);
            RequireFile(cluster.Tls?.Key, "cluster.tls.key", check);
            RequireFile(cluster.Tls?.Authority, "cluster.tls.authority", check);
        }

        check.Require(
            file.Telemetry.OtlpEndpoint is null || Telemetry.IsEndpoint(file.Telemetry.OtlpEndpoint),
            "telemetry.otlpEndpoint",
            $"'{file.Telemetry.OtlpEndpoint}' is not the address of a collector, such as http://127.0.0.1:4317.");

        check.Ranges(file.Routing, "routing");
        check.Ranges(file.Jobs, "jobs");
        check.Ranges(file.Miners, "miners");

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
        foreach (var front in miner.Fronts)
        {
            check.Require(
                FrontAddress.TryParse(front, out _), "miner.fronts", $"'{front}' is not the address of a front, such as https://grid.example.");
        }

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
        RequireFile(model.File, $"{at}.file", check);
        check.Require(model.Sha256 is null || ModelIds.IsSha256(model.Sha256), $"{at}.sha256", ModelIds.Sha256Rule);
        check.Range(model.ContextTokens, 2, MaxContext, $"{at}.contextTokens");
        check.Range(model.DefaultMaxTokens, 1, model.ContextTokens - 1, $"{at}.defaultMaxTokens");
    }

    private static void RequireFile(string? file, string at, FieldCheck check) =>
        check.Require(file is null || File.Exists(file), at, $"there is no file {file}.");
}
