using System.Globalization;
using System.Text;

namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>Literals and characters in GBNF.</summary>
internal static class GbnfText
{
    /// <summary>A literal that matches exactly this text.</summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => literal.Append('\\').Append(c),
                < ' ' or '\x7F' => literal.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:X2}"),
                _ => literal.Append(c),
            };
        }

        return literal.Append('"').ToString();
    }

    /// <summary>A character inside the brackets of a class.</summary>
    public static string InClass(int character) => character switch
    {
        < 0x80 when char.IsAsciiLetterOrDigit((char)character) => ((char)character).ToString(),
        <= 0xFF => string.Create(CultureInfo.InvariantCulture, $"\\x{character:X2}"),
        <= 0xFFFF => string.Create(CultureInfo.InvariantCulture, $"\\u{character:X4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{character:X8}"),
    };
}
