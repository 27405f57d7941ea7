using System.Text;

namespace BTTInferGrid.Chain.Primitives;

/// <summary>
/// Text as bytes to be signed: half a character is an error, where another encoder signs a question mark for it.
/// </summary>
internal static class StrictUtf8
{
    private static readonly UTF8Encoding Encoding =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="EncoderFallbackException">The text has half a character.</exception>
    public static byte[] Encode(string text)
    {
        return Encoding.GetBytes(text);
    }
}
