using System.Runtime.InteropServices;
using BTTInferGrid.Compute;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using Google.Protobuf.Collections;
using StopReason = BTTInferGrid.Compute.StopReason;

namespace BTTInferGrid.Grains.Miners.Links;

/// <summary>Converts between the grid's messages and those of the link.</summary>
internal static class LinkMessages
{
    public static ToNode ToMessage(ulong number, GenerateRequest request)
    {
        var job = request.Job;
        var generate = new Generate
        {
            Job = number,
            JobId = request.JobId,
            Profile = job.Profile,
            MaxTokens = job.MaxTokens,
            Sampling = new Sampling
            {
                Temperature = job.Sampling.Temperature,
                TopP = job.Sampling.TopP,
                TopK = job.Sampling.TopK,
                MinP = job.Sampling.MinP,
                FrequencyPenalty = job.Sampling.FrequencyPenalty,
                PresencePenalty = job.Sampling.PresencePenalty,
                Seed = request.Seed,
            },
            Tenant = job.Tenant,
            Credit = LinkProtocol.JobCredit,
        };
        Add(generate.Prompt, job.Prompt);
        Add(generate.Answered, request.Answered);
        if (!job.Stop.IsDefault)
        {
            generate.Stop.AddRange(job.Stop);
        }

        foreach (var bias in job.Sampling.LogitBias.IsDefault ? [] : job.Sampling.LogitBias)
        {
            generate.Sampling.LogitBias.Add(new Bias { Token = bias.Token, Bias_ = bias.Bias });
        }

        if (job.TopLogProbs is { } top)
        {
            generate.TopLogProbs = top;
        }

        if (job.Grammar is { } grammar)
        {
            generate.Grammar = grammar;
        }

        return new ToNode { Generate = generate };
    }

    public static ToNode ToMessage(ulong number, EmbedRequest request)
    {
        var embed = new Embed { Job = number, JobId = request.JobId, Profile = request.Profile };
        foreach (var tokens in request.Inputs)
        {
            var input = new Input();
            Add(input.Tokens, tokens);
            embed.Inputs.Add(input);
        }

        return new ToNode { Embed = embed };
    }

    public static Goodbye ToGoodbye(Goodbye.Types.Reason reason, string text, TimeSpan retryAfter) => new()
    {
        Reason = reason,
        Text = text,
        RetryAfter = (uint)Math.Ceiling(retryAfter.TotalSeconds),
    };

    public static MinerOffer ToOffer(string minerId, Offer offer) => new(
        minerId, offer.Model, offer.Profile, offer.ContextTokens, offer.Slots, offer.Backend,
        new MinerAsk(offer.PromptPrice, offer.OutputPrice));

    /// <summary>Converts a status; impossible numbers count as 0.</summary>
    public static MinerStatus ToStatus(Status status) => new(
        Math.Max(0, status.Running), Math.Max(0, status.Waiting), Math.Max(0, status.CacheTokens),
        Math.Max(0, status.CacheTokensInUse), status.Draining);

    public static JobResult ToResult(Result result) => new(
        (StopReason)(int)result.StopReason,
        new GenerationUsage(
            result.PromptTokens, result.OutputTokens, ToTime(result.QueueMicroseconds), ToTime(result.PrefillMicroseconds),
            ToTime(result.DecodeMicroseconds), result.CachedPromptTokens));

    /// <summary>Null if the numbers of tokens and values differ, or there are more than any job asks for.</summary>
    public static TokenLogProb? ToLogProb(LogProbs logProbs)
    {
        if (logProbs.Tokens.Count != logProbs.Values.Count || logProbs.Tokens.Count > LinkProtocol.MaxTopLogProbs)
        {
            return null;
        }

        var top = ImmutableArray.CreateBuilder<TopLogProb>(logProbs.Tokens.Count);
        for (var i = 0; i < logProbs.Tokens.Count; i++)
        {
            top.Add(new TopLogProb(logProbs.Tokens[i], logProbs.Values[i]));
        }

        return new TokenLogProb(logProbs.Chosen, top.MoveToImmutable());
    }

    public static ImmutableArray<float> ToVector(Vector vector)
    {
        var values = new float[vector.Values.Count];
        vector.Values.CopyTo(values, 0);
        return ImmutableCollectionsMarshal.AsImmutableArray(values);
    }

    private static void Add(RepeatedField<int> field, ImmutableArray<int> tokens)
    {
        if (!tokens.IsDefaultOrEmpty)
        {
            field.Capacity = tokens.Length;
            foreach (var token in tokens)
            {
                field.Add(token);
            }
        }
    }

    private static TimeSpan ToTime(long microseconds) =>
        TimeSpan.FromTicks(Math.Clamp(microseconds, 0, long.MaxValue / TimeSpan.TicksPerMicrosecond) * TimeSpan.TicksPerMicrosecond);
}
