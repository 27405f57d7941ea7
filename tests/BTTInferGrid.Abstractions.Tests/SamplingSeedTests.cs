using BTTInferGrid.Compute;

namespace BTTInferGrid.Abstractions.Tests;

public sealed class SamplingSeedTests
{
    private const string Miner = "miner";

    private static readonly JobRequest Request =
        new("model", "profile", 1024, [1, 2, 3], new SamplingOptions(0.7f, 0.9f, 40, 0.05f), 64, ["stop"], null);

    /// <summary>Every other change of a request must change the seed, or two answers could share their noise.</summary>
    public static TheoryData<string, string, JobRequest, string> Changes => new()
    {
        { "job id", "other", Request, Miner },
        { "prompt", "job", Request with { Prompt = [1, 2, 4] }, Miner },
        { "prompt length", "job", Request with { Prompt = [1, 2, 3, 0] }, Miner },
        { "temperature", "job", Request with { Sampling = Request.Sampling with { Temperature = 0.8f } }, Miner },
        { "top_p", "job", Request with { Sampling = Request.Sampling with { TopP = 0.8f } }, Miner },
        { "top_k", "job", Request with { Sampling = Request.Sampling with { TopK = 41 } }, Miner },
        { "min_p", "job", Request with { Sampling = Request.Sampling with { MinP = 0.06f } }, Miner },
        { "frequency penalty", "job", Request with { Sampling = Request.Sampling with { FrequencyPenalty = 1 } }, Miner },
        { "presence penalty", "job", Request with { Sampling = Request.Sampling with { PresencePenalty = 1 } }, Miner },
        { "logit bias", "job", Request with { Sampling = Request.Sampling with { LogitBias = [new(1, 5)] } }, Miner },
        { "max tokens", "job", Request with { MaxTokens = 65 }, Miner },
        { "stop", "job", Request with { Stop = ["sto", "p"] }, Miner },
        { "client seed", "job", Request with { ClientSeed = 0 }, Miner },
        { "miner", "job", Request, "other" },
        { "profile", "job", Request with { Profile = "other" }, Miner },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Derive_OneThingChanged_IsAnotherSeed(string change, string jobId, JobRequest request, string miner)
    {
        Assert.True(
            SamplingSeed.Derive("job", Request, Miner) != SamplingSeed.Derive(jobId, request, miner),
            $"Another {change} gives the same seed.");
    }

    [Fact]
    public void Derive_SameInputs_IsTheSameSeedForever()
    {
        // Computed apart from this code, from the documented fields. A replay years later needs the same number: it may
        // not change while the domain is seed/v1.
        Assert.Equal(12490907155277933256UL, SamplingSeed.Derive("job", Request, Miner));
    }

    [Fact]
    public void Derive_ClientSeed_DoesNotDependOnJobAndMiner()
    {
        var seeded = Request with { ClientSeed = 42 };

        Assert.Equal(SamplingSeed.Derive("one", seeded, Miner), SamplingSeed.Derive("two", seeded, "other"));
        Assert.NotEqual(
            SamplingSeed.Derive("one", seeded, Miner), SamplingSeed.Derive("one", seeded with { ClientSeed = 43 }, Miner));
    }

    [Fact]
    public void OfChoice_FirstAndOthers_IsTheSeedItselfAndNoOther()
    {
        var seeds = Enumerable.Range(0, 8).SelectMany(static choice => new[] { SamplingSeed.OfChoice(7, choice), SamplingSeed.OfChoice(8, choice) });

        Assert.Equal(7, SamplingSeed.OfChoice(7, 0));
        Assert.Equal(16, seeds.Distinct().Count());
        Assert.Equal(SamplingSeed.OfChoice(7, 3), SamplingSeed.OfChoice(7, 3));
    }
}
