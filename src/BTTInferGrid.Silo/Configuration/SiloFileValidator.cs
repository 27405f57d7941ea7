using System.Net;
using BTTInferGrid.Silo.Hosting;

namespace BTTInferGrid.Silo.Configuration;

/// <summary>Checks what a JSON type cannot: ranges, references, files.</summary>
internal static class SiloFileValidator
{
    public const int MaxPort = 65535;

    private const int MaxContext = 1 << 20;
    private const int MaxSequences = 255;
    private const int MinCache = 256;
    private const int MaxCache = 1 << 24;
    private const int MaxBatch = 4096;
    private const int MaxThreads = 512;
    private const int MaxMiners = 64;

    /// <exception cref="ConfigurationException">A value is wrong; the message names its place in the file.</exception>
    public static void Validate(SiloFile file, string path)
    {
        Require(IPAddress.TryParse(file.Front.Address, out _), "front.address", $"'{file.Front.Address}' is not an IP address.");
        RequireRange(file.Front.Port, 0, MaxPort, "front.port");
        if (file.Cluster is { } cluster)
        {
            Require(!string.IsNullOrWhiteSpace(cluster.Database), "cluster.database", "it is missing; name a PostgreSQL database, or set BTTGRID_DATABASE.");
            Require(IPAddress.TryParse(cluster.Address, out var address), "cluster.address", $"'{cluster.Address}' is not an IP address.");
            RequireRange(cluster.Port, 0, MaxPort, "cluster.port");
            Require(
                IPAddress.IsLoopback(address!) || cluster.SecretFile is not null,
                "cluster.secretFile",
                $"it is missing; without a secret, whoever reaches {cluster.Address} could pose as a core silo.");
        }

        Require(
            file.Telemetry.OtlpEndpoint is null || Telemetry.TryParseEndpoint(file.Telemetry.OtlpEndpoint, out _),
            "telemetry.otlpEndpoint",
            $"'{file.Telemetry.OtlpEndpoint}' is not the address of a collector, such as http://127.0.0.1:4317.");
        Require(file.Models.Count > 0, "models", "it is empty; name at least one model.");

        var ids = new HashSet<string>();
        for (var i = 0; i < file.Models.Count; i++)
        {
            ValidateModel(file.Models[i], $"models[{i}]", ids);
        }

        if (file.Miner is { } miner)
        {
            RequireRange(miner.Count, 1, MaxMiners, "miner.count");
            Require(
                miner.Gateway is null || Gateways.TryParse(miner.Gateway, out _), "miner.gateway", $"'{miner.Gateway}' is not the address of a grid, such as wss://grid.example/edge.");
            Require(miner.Ask is { Prompt: >= 0, Output: >= 0 }, "miner.ask", "a price must not be negative.");
            Require(ids.Contains(miner.Model), "miner.model", $"'{miner.Model}' is not in models: {string.Join(", ", ids)}.");
            RequireRange(miner.MaxSequences, 1, MaxSequences, "miner.maxSequences");
            RequireRange(miner.CacheTokens, MinCache, MaxCache, "miner.cacheTokens");
            var context = file.Models.Single(model => model.Id == miner.Model).ContextTokens;
            Require(
                context <= miner.CacheTokens,
                "miner.cacheTokens",
                $"it is {miner.CacheTokens}; one request of '{miner.Model}' may need {context}.");
            RequireRange(miner.BatchTokens, miner.MaxSequences + 1, Math.Min(MaxBatch, miner.CacheTokens), "miner.batchTokens");
            RequireRange(miner.PromptTokensBesideStreams, 1, MaxBatch, "miner.promptTokensBesideStreams");
            RequireRange(miner.RetainedTokens ?? 0, 0, MaxCache, "miner.retainedTokens");
            RequireRange(miner.Threads, 0, MaxThreads, "miner.threads");
        }

        void ValidateModel(ModelSection model, string at, HashSet<string> known)
        {
            Require(
                model.Id.Length is > 0 and <= 128 && model.Id.All(c => char.IsAsciiLetterOrDigit(c) || "._:/-".Contains(c)),
                $"{at}.id",
                "it must have between 1 and 128 letters, digits, or any of . _ : / -");
            Require(known.Add(model.Id), $"{at}.id", $"'{model.Id}' is there twice.");
            Require(File.Exists(model.File), $"{at}.file", $"there is no file {model.File}.");
            RequireRange(model.ContextTokens, 2, MaxContext, $"{at}.contextTokens");
            RequireRange(model.DefaultMaxTokens, 1, model.ContextTokens - 1, $"{at}.defaultMaxTokens");
        }

        void RequireRange(int value, int min, int max, string at) =>
            Require(value >= min && value <= max, at, $"it is {value}; it must be between {min} and {max}.");

        void Require(bool holds, string at, string problem)
        {
            if (!holds)
            {
                throw new ConfigurationException($"{path}, {at}: {problem}");
            }
        }
    }
}
