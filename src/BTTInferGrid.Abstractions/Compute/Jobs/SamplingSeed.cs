using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace BTTInferGrid.Compute;

/// <summary>
/// The seed of a job's sampling noise: a SHA-256 over length-prefixed fields. It depends on the job's first miner, so it is
/// fixed only after that miner is chosen, and nobody can look for a convenient one. With a seed named by the client, job and
/// miner are left out, so that the same request repeats wherever it runs.
/// </summary>
/// <remarks>
/// The fields, in order: domain, profile, miner id (empty with a client's seed), prompt, temperature, top_p, top_k, min_p, frequency and presence
/// penalty, logit biases (token, bias), token limit, stop strings, then "client" and the client's seed, or "job" and the job id. Numbers are 64-bit little-endian (a float as its bits),
/// token ids 32-bit; a text is its length in bytes and its UTF-8, a list its length and its items.
/// </remarks>
public static class SamplingSeed
{
    private const string Domain = "bttinfergrid/seed/v1";
    private const string ChoiceDomain = "bttinfergrid/choice-seed/v1";

    /// <summary>Derives the seed.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="request">The job's request.</param>
    /// <param name="minerId">The miner that was chosen first.</param>
    /// <returns>64 bits of the hash.</returns>
    public static ulong Derive(string jobId, JobRequest request, string minerId)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Domain);
        Append(hash, request.Profile);
        Append(hash, request.ClientSeed is null ? minerId : "");
        AppendPrompt(hash, request.Prompt.AsSpan());
        AppendParameters(hash, request);
        if (request.ClientSeed is { } clientSeed)
        {
            Append(hash, "client");
            AppendNumber(hash, clientSeed);
        }
        else
        {
            Append(hash, "job");
            Append(hash, jobId);
        }

        return Finish(hash);
    }

    /// <summary>
    /// The client's seed of one of several answers to the same request: the seed itself for the first, so that asking for
    /// more answers does not change it, and for each other a hash of seed and number.
    /// </summary>
    /// <param name="clientSeed">The seed that the client named for the request.</param>
    /// <param name="choice">Which answer, from 0.</param>
    public static long OfChoice(long clientSeed, int choice)
    {
        if (choice == 0)
        {
            return clientSeed;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, ChoiceDomain);
        AppendNumber(hash, clientSeed);
        AppendNumber(hash, choice);
        return (long)Finish(hash);
    }

    private static ulong Finish(IncrementalHash hash)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt64LittleEndian(digest);
    }

    private static void AppendPrompt(IncrementalHash hash, ReadOnlySpan<int> prompt)
    {
        AppendNumber(hash, prompt.Length);
        if (BitConverter.IsLittleEndian)
        {
            hash.AppendData(MemoryMarshal.AsBytes(prompt));
            return;
        }

        Span<byte> bytes = stackalloc byte[sizeof(int)];
        foreach (var token in prompt)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, token);
            hash.AppendData(bytes);
        }
    }

    private static void AppendParameters(IncrementalHash hash, JobRequest request)
    {
        var sampling = request.Sampling;
        AppendNumber(hash, sampling.Temperature);
        AppendNumber(hash, sampling.TopP);
        AppendNumber(hash, sampling.TopK);
        AppendNumber(hash, sampling.MinP);
        AppendNumber(hash, sampling.FrequencyPenalty);
        AppendNumber(hash, sampling.PresencePenalty);
        var biases = sampling.LogitBias.AsSpan();
        AppendNumber(hash, biases.Length);
        foreach (var bias in biases)
        {
            AppendNumber(hash, bias.Token);
            AppendNumber(hash, bias.Bias);
        }

        AppendNumber(hash, request.MaxTokens);
        var stops = request.Stop.AsSpan();
        AppendNumber(hash, stops.Length);
        foreach (var stop in stops)
        {
            Append(hash, stop);
        }
    }

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        AppendNumber(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void AppendNumber(IncrementalHash hash, float number) =>
        AppendNumber(hash, (long)BitConverter.SingleToInt32Bits(number));

    private static void AppendNumber(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
