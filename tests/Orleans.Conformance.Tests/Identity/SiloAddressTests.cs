using System.Net;

namespace Orleans.Conformance.Tests.Identity;

public sealed class SiloAddressTests
{
    [Fact]
    public void ToParsableString_Address_ReadsBack()
    {
        var address = SiloAddress.New(IPAddress.Parse("10.1.2.3"), 11111, 77);

        Assert.Equal("10.1.2.3:11111@77", address.ToParsableString());
        Assert.Equal(address, SiloAddress.FromParsableString("10.1.2.3:11111@77"));
    }

    [Theory]
    [InlineData("10.1.2.3:11111")]
    [InlineData("@5")]
    [InlineData("x@5")]
    [InlineData("10.1.2.3:11111@x")]
    public void FromParsableString_Malformed_Fails(string text)
    {
        Assert.Throws<FormatException>(() => SiloAddress.FromParsableString(text));
    }

    [Fact]
    public void AllocateNewGeneration_Twice_Grows()
    {
        var first = SiloAddress.AllocateNewGeneration();

        Assert.True(SiloAddress.AllocateNewGeneration() > first);
    }

    [Fact]
    public void IsSuccessorOf_SameEndpointHigherGeneration_IsTrue()
    {
        var first = SiloAddress.New(IPAddress.Loopback, 1, 1);
        var second = SiloAddress.New(IPAddress.Loopback, 1, 2);

        Assert.True(second.IsSuccessorOf(first));
        Assert.True(first.IsPredecessorOf(second));
        Assert.False(second.IsSuccessorOf(SiloAddress.New(IPAddress.Loopback, 2, 1)));
    }

    [Fact]
    public void ActivationId_ToParsableString_ReadsBack()
    {
        var id = ActivationId.NewId();

        Assert.Equal(id, ActivationId.FromParsableString(id.ToParsableString()));
        Assert.Throws<FormatException>(() => ActivationId.FromParsableString("nonsense"));
    }
}
