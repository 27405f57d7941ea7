using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.SignIn;
using BTTInferGrid.Chain.Signing;

namespace BTTInferGrid.Chain.Tests.SignIn;

public sealed class SignInVerifierTests : IDisposable
{
    private static readonly SignInExpectation Expectation = new("grid.example", 199, "abcdefgh12345678");

    private readonly ManualClock _clock = new();
    private readonly PrivateKey _key = PrivateKey.Create();

    public void Dispose()
    {
        _key.Dispose();
    }

    [Fact]
    public void Verify_OfMessageThatIsForThis_IsTheMessage()
    {
        Assert.Equal(_key.Address, Verify(Message()).Address);
    }

    [Fact]
    public void Verify_OfMessageForSomethingElse_NamesTheFault()
    {
        AssertFault(SignInFault.Domain, Message() with { Domain = "evil.example" });
        AssertFault(SignInFault.Domain, Message() with { Domain = "grid.example:443" });
        AssertFault(SignInFault.Domain, Message() with { Domain = "grid.example@evil.example" });
        AssertFault(SignInFault.ChainId, Message() with { ChainId = 1 });
        AssertFault(SignInFault.Nonce, Message() with { Nonce = "abcdefgh12345679" });
        AssertFault(SignInFault.Nonce, Message() with { Nonce = "abcdefgh123456789" });
    }

    [Fact]
    public void Verify_AtTheEdgesOfItsTime_ChangesWithTheTick()
    {
        var now = _clock.GetUtcNow();
        var tick = TimeSpan.FromTicks(1);

        AssertFault(SignInFault.Expired, Message() with { ExpirationTime = now });
        Assert.NotNull(Verify(Message() with { ExpirationTime = now + tick }));
        AssertFault(SignInFault.NotYetValid, Message() with { NotBefore = now + tick });
        Assert.NotNull(Verify(Message() with { NotBefore = now }));
    }

    [Fact]
    public void Verify_OfAnotherSignature_NamesTheFault()
    {
        using var other = PrivateKey.Create();
        var text = Message().Format();
        foreach (var signature in (byte[][])
        [
            [],
            new byte[65],
            other.Sign(PersonalMessage.Hash(text)).ToBytes(),
            _key.Sign(PersonalMessage.Hash(text + " ")).ToBytes(),
        ])
        {
            var error = Assert.Throws<SignInException>(
                () => new SignInVerifier(_clock).Verify(text, signature, Expectation));
            Assert.Equal(SignInFault.Signature, error.Fault);
        }
    }

    [Fact]
    public void Verify_OfTextThatReadsTheSame_NeedsItsOwnSignature()
    {
        // The two texts hold the same time, and only one of them was signed.
        var text = Message().Format();
        var other = text.Replace("Issued At: 2030-01-01T00:00:00Z", "Issued At: 2030-01-01T00:00:00.0Z");
        var signature = _key.Sign(PersonalMessage.Hash(text)).ToBytes();

        Assert.NotEqual(text, other);
        Assert.Equal(SignInMessage.Parse(text), SignInMessage.Parse(other));
        Assert.Throws<SignInException>(() => new SignInVerifier(_clock).Verify(other, signature, Expectation));
    }

    private SignInMessage Message()
    {
        return new SignInMessage
        {
            Domain = Expectation.Domain,
            Address = _key.Address,
            Uri = "https://grid.example/",
            ChainId = Expectation.ChainId,
            Nonce = Expectation.Nonce,
            IssuedAt = _clock.GetUtcNow(),
        };
    }

    private SignInMessage Verify(SignInMessage message)
    {
        var text = message.Format();
        return new SignInVerifier(_clock).Verify(text, _key.Sign(PersonalMessage.Hash(text)).ToBytes(), Expectation);
    }

    private void AssertFault(SignInFault fault, SignInMessage message)
    {
        Assert.Equal(fault, Assert.Throws<SignInException>(() => Verify(message)).Fault);
    }
}
