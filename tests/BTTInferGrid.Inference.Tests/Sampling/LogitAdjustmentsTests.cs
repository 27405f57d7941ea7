namespace BTTInferGrid.Inference.Tests.Sampling;

public class LogitAdjustmentsTests
{
    [Fact]
    public void Apply_RepetitionPenalty_ShrinksWhatPromptAndOutputHold() => Assert.Equal(
        [2f, -2f, 3f, 1f],
        Adjusted(new() { RepetitionPenalty = 2 }, prompt: [0, 1, 0], output: [3], logits: [4, -1, 3, 2]));

    [Fact]
    public void Apply_FrequencyPenalty_CountsTheOutputAlone() => Assert.Equal(
        [4f, 0f, 2.5f],
        Adjusted(new() { FrequencyPenalty = 0.5f }, prompt: [0, 0, 1], output: [1, 2, 1], logits: [4, 1, 3]));

    [Fact]
    public void Apply_PresencePenalty_CountsATokenOnce() => Assert.Equal(
        [4f, 0.5f, 3f],
        Adjusted(new() { PresencePenalty = 0.5f }, prompt: [0], output: [1, 1], logits: [4, 1, 3]));

    [Fact]
    public void Apply_AllAtOnce_PenalisesBeforeItBiases()
    {
        var parameters = new SamplingParameters
        {
            RepetitionPenalty = 2,
            FrequencyPenalty = 1,
            PresencePenalty = 0.25f,
            LogitBias = new Dictionary<int, float> { [0] = 1, [2] = -100 },
        };

        Assert.Equal([-0.25f, 2f, -97f], Adjusted(parameters, prompt: [1], output: [0, 0], logits: [2, 4, 3]));
    }

    [Fact]
    public void Apply_BannedLogit_StaysBanned() => Assert.Equal(
        [float.NegativeInfinity],
        Adjusted(new() { RepetitionPenalty = 10, PresencePenalty = -2 }, [0], [0], [float.NegativeInfinity]));

    [Fact]
    public void For_NothingToAdjust_IsNull()
    {
        Assert.Null(LogitAdjustments.For(new SamplingParameters { Temperature = 0.3f, TopK = 4 }, [1, 2]));
        Assert.NotNull(LogitAdjustments.For(new SamplingParameters { PresencePenalty = -1 }, [1, 2]));
    }

    [Fact]
    public void Apply_KnownTokens_AllocatesNothing()
    {
        var parameters = new SamplingParameters { RepetitionPenalty = 1.1f, FrequencyPenalty = 0.1f };
        var adjustments = LogitAdjustments.For(parameters, [0, 1, 2])!;
        var logits = new float[3];
        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Run()
        {
            for (var i = 0; i < 100; i++)
            {
                adjustments.Apply(logits);
                adjustments.Observe(i % 3);
            }
        }
    }

    private static float[] Adjusted(SamplingParameters parameters, int[] prompt, int[] output, float[] logits)
    {
        parameters.Validate();
        var adjustments = LogitAdjustments.For(parameters, prompt)!;
        Array.ForEach(output, adjustments.Observe);
        adjustments.Apply(logits);
        return logits;
    }
}
