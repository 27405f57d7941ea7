using System.Globalization;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Tests.StructuredOutput;

public class NumberBoundTests
{
    [Fact]
    public void Convert_IntegerBounds_MatchesExactlyTheIntegersBetween()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var (a, b) = (random.Next(-1200, 1201), random.Next(-1200, 1201));
            var (least, most) = (Math.Min(a, b), Math.Max(a, b));
            var grammar = Grammar.Parse(Schemas.Convert($$"""{"type":"integer","minimum":{{least}},"maximum":{{most}}}"""));
            foreach (var value in Enumerable.Range(-1300, 2601).Where(v => random.Next(20) == 0 || Math.Abs(v - least) < 3 || Math.Abs(v - most) < 3))
            {
                Assert.True(
                    (least <= value && value <= most) == Schemas.Matches(grammar, value.ToString(CultureInfo.InvariantCulture)),
                    $"{value} in {least} to {most}, seed 5");
            }
        }
    }

    [Theory]
    [InlineData("""{"type":"integer","minimum":0}""", "0 9007199254740991", "-1 9007199254740992")]
    [InlineData("""{"type":"integer","exclusiveMinimum":0,"exclusiveMaximum":10}""", "1 9", "0 10")]
    [InlineData("""{"type":"integer","minimum":0.5,"maximum":2.5}""", "1 2", "0 3")]
    [InlineData("""{"type":"integer","maximum":-5}""", "-5 -9007199254740991", "-4 5 -9007199254740992 -0")]
    [InlineData("""{"type":"integer","minimum":-9223372036854775808,"maximum":1e300}""", "0 -5 9007199254740991", "9007199254740992")]
    [InlineData("""{"type":"number","minimum":0,"maximum":1}""", "0 0.5 0.999999 1", "-0.5 1.5 1.1 01 1e0 -0")]
    [InlineData("""{"type":"number","exclusiveMinimum":0}""", "0.1 0.000001 1 15.5 999999999", "0 0.0 0.000000 -1 -0.5")]
    [InlineData("""{"type":"number","exclusiveMinimum":-2,"exclusiveMaximum":3}""", "-1.999999 -1 -0.5 0 2.999 2", "-2 3 -2.0 -3 3.0")]
    [InlineData("""{"type":"number","minimum":-3,"maximum":-1}""", "-3 -2.5 -1 -1.5", "0 -0.5 -3.5 1")]
    [InlineData("""{"type":"number","minimum":5,"maximum":5}""", "5", "5.5 4 6")]
    [InlineData("""{"type":"number","minimum":1,"exclusiveMinimum":1,"maximum":20}""", "1.5 20 19.9", "1 20.5")]
    public void Convert_Bounds_MatchesWhatIsBetween(string schema, string matching, string others)
    {
        var grammar = Grammar.Parse(Schemas.Convert(schema));
        Assert.All(matching.Split(' '), text => Assert.True(Schemas.Matches(grammar, text), text));
        Assert.All(others.Split(' '), text => Assert.False(Schemas.Matches(grammar, text), text));
    }
}
