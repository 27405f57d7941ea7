using System.Globalization;

namespace BTTInferGrid.Grammars.Tests.JsonSchemas;

public class NumberBoundTests
{
    [Fact]
    public void Convert_IntegerBounds_MatchesExactlyTheIntegersBetween()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var (a, b) = (random.Next(-1200, 1201), random.Next(-1200, 1201));
            var (min, max) = (Math.Min(a, b), Math.Max(a, b));
            var grammar = Schemas.ToGrammar($$"""{"type":"integer","minimum":{{min}},"maximum":{{max}}}""");
            foreach (var value in Enumerable.Range(-1300, 2601).Where(v => random.Next(20) == 0 || Math.Abs(v - min) < 3 || Math.Abs(v - max) < 3))
            {
                grammar.Matches(value.ToString(CultureInfo.InvariantCulture)).Should().Be(
                    min <= value && value <= max, "{0} is matched against {1} to {2}", value, min, max);
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
    public void Convert_Bounds_MatchesTheNumbersBetween(string schema, string matching, string others)
    {
        Schemas.ToGrammar(schema).ShouldMatchOnly(matching.Split(' '), others.Split(' '));
    }
}
