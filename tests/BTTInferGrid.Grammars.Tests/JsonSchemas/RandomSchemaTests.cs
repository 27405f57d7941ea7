namespace BTTInferGrid.Grammars.Tests.JsonSchemas;

public class RandomSchemaTests
{
    [Fact]
    public void Convert_RandomSchemas_AllTextsOfTheGrammarsSatisfyThem()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var schema = new RandomSchema(random).Next();
            var grammar = Schemas.ToGrammar(schema);
            var checker = new SchemaChecker(Schemas.Parse(schema));
            for (var i = 0; i < 4; i++)
            {
                var text = grammar.RandomText(random);
                checker.Satisfies(Schemas.Parse(text)).Should().BeTrue("of seed {0}, {1} and {2}", seed, schema, text);
            }
        }
    }

    [Theory]
    [InlineData("""{"type":"integer","maximum":5}""", "6")]
    [InlineData("""{"properties":{"a":{"const":1}},"required":["a"]}""", "{}")]
    [InlineData("""{"properties":{"a":{"const":1}}}""", """{"a":2}""")]
    [InlineData("""{"items":{"type":"string"},"minItems":2}""", """["a"]""")]
    [InlineData("""{"anyOf":[{"type":"null"},{"format":"date"}]}""", "\"2023-02-29\"")]
    public void Satisfies_InvalidValue_IsFalse(string schema, string value) =>
        new SchemaChecker(Schemas.Parse(schema)).Satisfies(Schemas.Parse(value)).Should().BeFalse();
}
