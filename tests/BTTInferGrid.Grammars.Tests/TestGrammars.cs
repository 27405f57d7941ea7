using System.Text;

namespace BTTInferGrid.Grammars.Tests;

/// <summary>Follows whole texts through grammars, and draws texts from them.</summary>
internal static class TestGrammars
{
    public static bool Matches(this Grammar grammar, string text)
    {
        var matcher = new GrammarMatcher(grammar);
        return matcher.Follows(text) && matcher.CanEnd;
    }

    public static bool Follows(this GrammarMatcher matcher, string text) =>
        Encoding.UTF8.GetBytes(text).All(matcher.Advance);

    /// <summary>Checks that a grammar matches some texts, and does not match others.</summary>
    public static void ShouldMatchOnly(this Grammar grammar, string[] matching, string[] others)
    {
        matching.Should().OnlyContain(text => grammar.Matches(text));
        others.Should().OnlyContain(text => !grammar.Matches(text));
    }

    /// <summary>A random text of a grammar of JSON: a walk over the allowed bytes that prefers more and more to close what is open.</summary>
    public static string RandomText(this Grammar grammar, Random random)
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
                order = (inString ? [(byte)'"', .. ascii.Where(CanBeLast)] : "}]"u8.ToArray()).Concat(order);
            }

            var chosen = order.Concat(From(random.Next(256), 0, 256)).Cast<byte?>().FirstOrDefault(value => matcher.Advance(value!.Value));
            if (chosen is not { } next)
            {
                matcher.CanEnd.Should().BeTrue();
                break;
            }

            text.Add(next);
            inString ^= next == '"' && !escaped;
            escaped = next == '\\' && !escaped;
        }

        return Encoding.UTF8.GetString([.. text]);

        bool CanBeLast(byte value)
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
