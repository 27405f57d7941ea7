using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Tokens;

/// <summary>Tokens as OpenAI names them where it tells of log-probabilities.</summary>
internal static class TokenName
{
    /// <summary>
    /// A token's text. A byte that is no whole character, because the token ends in the middle of one, becomes
    /// <c>\x</c> and two hex digits. A control token has the text that a template writes.
    /// </summary>
    /// <param name="vocabulary">The model's.</param>
    /// <param name="token">Token id.</param>
    /// <param name="isWhole">False if there is such a byte.</param>
    public static string Of(Vocabulary vocabulary, int token, out bool isWhole)
    {
        isWhole = true;
        var bytes = vocabulary.Decode(token);
        if (bytes.IsEmpty)
        {
            return vocabulary.ControlText(token) ?? "";
        }

        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var character, out var length) == OperationStatus.Done)
            {
                text.Append(character.ToString());
            }
            else
            {
                isWhole = false;
                foreach (var part in bytes[..length])
                {
                    text.Append(CultureInfo.InvariantCulture, $"\\x{part:x2}");
                }
            }

            bytes = bytes[length..];
        }

        return text.ToString();
    }

    /// <summary>A token's bytes as an array of numbers; null for a token that stands for none.</summary>
    public static void WriteBytes(Utf8JsonWriter json, string name, Vocabulary vocabulary, int token)
    {
        var bytes = vocabulary.Decode(token);
        if (bytes.IsEmpty)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        foreach (var part in bytes)
        {
            json.WriteNumberValue(part);
        }

        json.WriteEndArray();
    }
}
