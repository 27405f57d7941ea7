namespace BTTInferGrid.Chain.Anvil;

/// <summary>The local chain cannot be started, or ended by itself. The message says what to do.</summary>
public class AnvilException : Exception
{
    internal AnvilException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
