using System.Text;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Signing;

namespace BTTInferGrid.Chain.Tests.Signing;

public sealed class PersonalMessageTests
{
    // The example of web3.js' documentation.
    [Fact]
    public void Hash_OfVector_IsSignedAsOthersDo()
    {
        using var key = new PrivateKey(
            Convert.FromHexString("4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"));

        var hash = PersonalMessage.Hash("Some data");

        Assert.Equal("0x1da44b586eb0729ff70a73c326926f6ed5a25f5b056e7f47fbc6e58d86871655", hash.ToString());
        Assert.Equal(
            "0xb91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd"
            + "6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c",
            key.Sign(hash).ToString());
    }

    [Fact]
    public void Hash_OfText_IsThatOfItsBytes()
    {
        Assert.Equal(PersonalMessage.Hash(Encoding.UTF8.GetBytes("漢字 é")), PersonalMessage.Hash("漢字 é"));
    }

    [Fact]
    public void Hash_OfHalfACharacter_Throws()
    {
        // Another encoder would sign a question mark in its place.
        Assert.Throws<EncoderFallbackException>(() => PersonalMessage.Hash("a\ud83d"));
    }
}
