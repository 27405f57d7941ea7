namespace BTTInferGrid.Inference.Tests.Sampling;

public class SamplingParametersTests
{
    public static TheoryData<string, SamplingParameters> Bad => new()
    {
        { "Temperature", new() { Temperature = -0.1f } },
        { "Temperature", new() { Temperature = 2.1f } },
        { "Temperature", new() { Temperature = float.NaN } },
        { "Temperature", new() { Temperature = float.PositiveInfinity } },
        { "TopK", new() { TopK = -1 } },
        { "TopP", new() { TopP = 0 } },
        { "TopP", new() { TopP = -1 } },
        { "TopP", new() { TopP = 1.1f } },
        { "TopP", new() { TopP = float.NaN } },
        { "MinP", new() { MinP = -0.1f } },
        { "MinP", new() { MinP = 1.1f } },
        { "MinP", new() { MinP = float.NaN } },
        { "MinP", new() { MinP = float.NegativeInfinity } },
        { "RepetitionPenalty", new() { RepetitionPenalty = 0 } },
        { "RepetitionPenalty", new() { RepetitionPenalty = 10.1f } },
        { "RepetitionPenalty", new() { RepetitionPenalty = float.NaN } },
        { "FrequencyPenalty", new() { FrequencyPenalty = 2.1f } },
        { "FrequencyPenalty", new() { FrequencyPenalty = float.NaN } },
        { "PresencePenalty", new() { PresencePenalty = -2.1f } },
        { "PresencePenalty", new() { PresencePenalty = float.NaN } },
        { "LogitBias", new() { LogitBias = null! } },
        { "LogitBias", new() { LogitBias = Enumerable.Range(0, 1025).ToDictionary(i => i, _ => 0f) } },
        { "LogitBias[7]", new() { LogitBias = new Dictionary<int, float> { [7] = 100.5f } } },
        { "LogitBias[7]", new() { LogitBias = new Dictionary<int, float> { [7] = float.NaN } } },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Validate_FieldOutOfRange_IsRefusedByName(string field, SamplingParameters parameters) =>
        Assert.Equal(field, Assert.Throws<InvalidParameterException>(parameters.Validate).Field);

    [Fact]
    public void Validate_Borders_AreAccepted()
    {
        new SamplingParameters { Temperature = 0, TopK = 0, TopP = 1, MinP = 0 }.Validate();
        new SamplingParameters { Temperature = 2, TopK = int.MaxValue, TopP = 1e-6f, MinP = 1 }.Validate();
        new SamplingParameters { RepetitionPenalty = 0.1f, FrequencyPenalty = -2, PresencePenalty = 2 }.Validate();
        new SamplingParameters { LogitBias = Enumerable.Range(0, 1024).ToDictionary(i => i, _ => -100f) }.Validate();
        SamplingParameters.Greedy.Validate();
    }
}
