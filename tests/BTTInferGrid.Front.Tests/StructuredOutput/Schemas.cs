using System.Text;
using System.Text.Json;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.StructuredOutput;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Tests.StructuredOutput;

/// <summary>Converts schemas, and follows texts through the grammars with the engine's own matcher.</summary>
internal static class Schemas
{
    public const string Path = "response_format.json_schema.schema";

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    public static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json, Options);
        return document.RootElement.Clone();
    }

    public static string Convert(string schema) => JsonSchemaGrammar.Convert(Parse(schema), Path);

    public static ApiException Refused(string schema) => Assert.Throws<ApiException>(() => Convert(schema));

    public static bool Matches(Grammar grammar, string text)
    {
        var matcher = new GrammarMatcher(grammar);
        return Encoding.UTF8.GetBytes(text).All(matcher.Advance) && matcher.CanEnd;
    }

    /// <summary>A random text of a grammar: a walk over the bytes that it allows, which soon prefers to close what is open.</summary>
    public static string RandomText(Grammar grammar, Random random)
    {
        var matcher = new GrammarMatcher(grammar);
        var text = new List<byte>();
        var (inString, escaped) = (false, false);
        while (!matcher.CanEnd || random.Next(3) > 0)
        {
            var ascii = From(random.Next(96), 32, 96);
            IEnumerable<byte> order = random.Next(8) > 0 ? ascii : From(random.Next(256), 0, 256);
            if (random.Next(300) < 30 + text.Count)
            {
                // Where only some characters may be the last of a string, those come next.
                order = (inString ? [(byte)'"', .. ascii.Where(LetsStringEnd)] : "}]"u8.ToArray()).Concat(order);
            }

            var chosen = order.Concat(From(random.Next(256), 0, 256)).Cast<byte?>().FirstOrDefault(value => matcher.Advance(value!.Value));
            if (chosen is not { } next)
            {
                Assert.True(matcher.CanEnd);
                break;
            }

            text.Add(next);
            inString ^= next == '"' && !escaped;
            escaped = next == '\\' && !escaped;
        }

        return Encoding.UTF8.GetString([.. text]);

        bool LetsStringEnd(byte value)
        {
            var length = matcher.Length;
            var ends = value != '\\' && matcher.Advance(value) && matcher.Advance((byte)'"');
            matcher.Rewind(length);
            return ends;
        }
    }

    private static IEnumerable<byte> From(int start, int first, int count) =>
        Enumerable.Range(0, count).Select(i => (byte)(first + ((start + i) % count)));
}
