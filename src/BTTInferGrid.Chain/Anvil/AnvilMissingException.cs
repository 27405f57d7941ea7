namespace BTTInferGrid.Chain.Anvil;

/// <summary>There is no Anvil on this machine. The message says where it was looked for, and what to do.</summary>
public sealed class AnvilMissingException : AnvilException
{
    internal AnvilMissingException(string message)
        : base(message)
    {
    }
}
