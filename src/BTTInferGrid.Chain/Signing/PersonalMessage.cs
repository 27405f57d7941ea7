using System.Text;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Signing;

/// <summary>Messages that wallets sign for people (EIP-191, version <c>E</c>); they can be no transaction.</summary>
public static class PersonalMessage
{
    /// <summary>The hash that is signed for a message.</summary>
    /// <param name="message">The message.</param>
    public static Hash32 Hash(ReadOnlySpan<byte> message)
    {
        return Hash32.Of([.. Encoding.ASCII.GetBytes($"\u0019Ethereum Signed Message:\n{message.Length}"), .. message]);
    }

    /// <summary>The hash that is signed for a message of text, in UTF-8.</summary>
    /// <param name="message">The message.</param>
    /// <exception cref="EncoderFallbackException">The text has half a character, which UTF-8 cannot write.</exception>
    public static Hash32 Hash(string message)
    {
        return Hash(StrictUtf8.Encode(message));
    }
}
