using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Tests.StructuredOutput;

public class RandomSchemaTests
{
    [Fact]
    public void Convert_RandomSchemas_AllTextsOfTheGrammarsSatisfyThem()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var schema = new RandomSchema(random).Next();
            var grammar = Grammar.Parse(Schemas.Convert(schema));
            var checker = new SchemaChecker(Schemas.Parse(schema));
            for (var i = 0; i < 4; i++)
            {
                var text = Schemas.RandomText(grammar, random);
                Assert.True(checker.Satisfies(Schemas.Parse(text)), $"seed {seed}\n{schema}\n{text}");
            }
        }
    }

    [Theory]
    [InlineData("""{"type":"integer","maximum":5}""", "6")]
    [InlineData("""{"properties":{"a":{"const":1}},"required":["a"]}""", "{}")]
    [InlineData("""{"properties":{"a":{"const":1}}}""", """{"a":2}""")]
    [InlineData("""{"items":{"type":"string"},"minItems":2}""", """["a"]""")]
    [InlineData("""{"anyOf":[{"type":"null"},{"format":"date"}]}""", "\"2023-02-29\"")]
    public void Checker_WrongValues_AreFound(string schema, string value) =>
        Assert.False(new SchemaChecker(Schemas.Parse(schema)).Satisfies(Schemas.Parse(value)));
}
