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
        SamplingParameters.Greedy.Validate();
    }
}
