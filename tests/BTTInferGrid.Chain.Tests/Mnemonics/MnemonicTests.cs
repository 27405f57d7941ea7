using BTTInferGrid.Chain.Mnemonics;

namespace BTTInferGrid.Chain.Tests.Mnemonics;

public sealed class MnemonicTests
{
    private const string Known = "test test test test test test test test test test test junk";

    // The vectors of BIP-39 (github.com/trezor/python-mnemonic, vectors.json).
    [Theory]
    [InlineData(
        "00000000000000000000000000000000",
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about")]
    [InlineData(
        "7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
        "legal winner thank year wave sausage worth useful legal winner thank yellow")]
    [InlineData(
        "80808080808080808080808080808080",
        "letter advice cage absurd amount doctor acoustic avoid letter advice cage above")]
    [InlineData(
        "ffffffffffffffffffffffffffffffff",
        "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong")]
    public void FromEntropy_Vector_GivesItsWords(string entropy, string words)
    {
        Assert.Equal(words, Mnemonic.FromEntropy(Convert.FromHexString(entropy)));
        Mnemonic.Check(words);
    }

    // The accounts that Anvil and Hardhat print.
    [Theory]
    [InlineData(0, "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")]
    [InlineData(1, "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d")]
    [InlineData(9, "2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6")]
    public void DeriveKey_KnownMnemonic_GivesTheKnownKeys(uint index, string key)
    {
        Assert.Equal(key, Convert.ToHexStringLower(Mnemonic.DeriveKey(Known, index)));
    }

    [Fact]
    public void Create_Twice_GivesValidAndDifferentWords()
    {
        var first = Mnemonic.Create();
        Mnemonic.Check(first);
        Assert.NotEqual(first, Mnemonic.Create());
    }

    [Theory]
    [InlineData("")]
    [InlineData("test test test test test test test test test test test test")]
    [InlineData("test test test test test test test test test test test")]
    [InlineData("test test test test test test test test test test test hunter2")]
    [InlineData("Test test test test test test test test test test test junk")]
    [InlineData("test  test test test test test test test test test test junk")]
    public void Check_OtherText_IsRefusedAndNotRepeated(string text)
    {
        var error = Assert.Throws<MnemonicException>(() => Mnemonic.Check(text));
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }
}
