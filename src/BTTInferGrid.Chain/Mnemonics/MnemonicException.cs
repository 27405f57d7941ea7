namespace BTTInferGrid.Chain.Mnemonics;

/// <summary>A text is not a mnemonic of BIP-39. The message does not repeat it.</summary>
public sealed class MnemonicException : Exception
{
    internal MnemonicException(string problem)
        : base($"Not a mnemonic: {problem} A mnemonic is 12 words of BIP-39's English list, as they were given.")
    {
    }
}
