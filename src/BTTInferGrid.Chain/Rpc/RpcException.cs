namespace BTTInferGrid.Chain.Rpc;

/// <summary>A call to a node that gave no result.</summary>
public abstract class RpcException : Exception
{
    private protected RpcException(string message)
        : base(message)
    {
    }
}
