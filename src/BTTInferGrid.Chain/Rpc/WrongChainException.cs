namespace BTTInferGrid.Chain.Rpc;

/// <summary>Every endpoint that answers is of another chain than the one configured.</summary>
public sealed class WrongChainException : RpcException
{
    internal WrongChainException(ulong expected, ulong actual, string endpoint)
        : base(
            $"{endpoint} is a node of chain {actual}, not of chain {expected}. Correct the chain id or the endpoint.")
    {
        Expected = expected;
        Actual = actual;
    }

    /// <summary>The chain id that is configured.</summary>
    public ulong Expected { get; }

    /// <summary>The chain id that the node gave.</summary>
    public ulong Actual { get; }
}
