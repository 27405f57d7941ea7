using System.Security.Cryptography;
using System.Text;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Signing;

namespace BTTInferGrid.Chain.SignIn;

/// <summary>
/// Decides whether a signed message signs its account in. Accounts are those with keys, not contracts (EIP-1271).
/// </summary>
/// <param name="clock">The clock that a message's times are compared with.</param>
public sealed class SignInVerifier(TimeProvider clock)
{
    /// <summary>
    /// Checks a message: its form, what it is for, its times, and its signature over just this text. The caller takes
    /// the
    /// nonce out of those given out, whatever comes of it, so that none is used twice.
    /// </summary>
    /// <param name="text">The text that was signed.</param>
    /// <param name="signature">The 65 bytes of the signature.</param>
    /// <param name="expectation">What it must be for.</param>
    /// <returns>The message; its account is signed in.</returns>
    /// <exception cref="SignInException">It is refused, and <see cref="SignInException.Fault"/> says why.</exception>
    public SignInMessage Verify(string text, ReadOnlySpan<byte> signature, SignInExpectation expectation)
    {
        var message = SignInMessage.Parse(text);
        Require(message.Domain == expectation.Domain, SignInFault.Domain, "it is for another domain.");
        Require(message.ChainId == expectation.ChainId, SignInFault.ChainId, "it is for another chain.");
        Require(IsEqual(message.Nonce, expectation.Nonce), SignInFault.Nonce, "its nonce is not the one given out.");
        var now = clock.GetUtcNow();
        Require(message.ExpirationTime is not { } end || now < end, SignInFault.Expired, "its time is over.");
        Require(
            message.NotBefore is not { } start || now >= start, SignInFault.NotYetValid, "its time is yet to come.");
        Require(
            IsSignedBy(message.Address, text, signature), SignInFault.Signature,
            $"it is not signed by {message.Address}.");
        return message;
    }

    private static bool IsEqual(string nonce, string expected)
    {
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(nonce), Encoding.UTF8.GetBytes(expected));
    }

    private static bool IsSignedBy(Address signer, string text, ReadOnlySpan<byte> signature)
    {
        try
        {
            return Signature.Parse(signature).IsBy(signer, PersonalMessage.Hash(text));
        }
        catch (SignatureException error)
        {
            throw new SignInException(SignInFault.Signature, error.Message, error);
        }
    }

    private static void Require(bool condition, SignInFault fault, string problem)
    {
        if (!condition)
        {
            throw new SignInException(fault, problem);
        }
    }
}
