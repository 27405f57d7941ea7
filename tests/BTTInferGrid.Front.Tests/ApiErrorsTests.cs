using BTTInferGrid.Compute;
using BTTInferGrid.Front.Errors;

namespace BTTInferGrid.Front.Tests;

public sealed class ApiErrorsTests
{
    [Theory]
    [InlineData("grammar", "response_format")]
    [InlineData("top_log_probs", "logprobs")]
    [InlineData("inputs", "input")]
    [InlineData("max_tokens", "max_tokens")]
    [InlineData("prompt[12]", "prompt[12]")]
    [InlineData("pay me\n", null)]
    [InlineData("evil.example", null)]
    [InlineData("", null)]
    public void From_RefusalOfAField_NamesItAsTheApiDoesOrNotAtAll(string field, string? param)
    {
        var error = ApiErrors.From(new RequestRefusedException(field, "no."), "req_1");

        Assert.Equal((400, param), (error.Status, error.Field));
    }

    [Fact]
    public void From_BusyModel_SaysWhenToComeBack()
    {
        var error = ApiErrors.From(new ModelBusyException("m", "full.", TimeSpan.FromSeconds(7)), "req_1");

        Assert.Equal((503, "model_busy", TimeSpan.FromSeconds(7)), (error.Status, error.Code, error.RetryAfter));
    }
}
