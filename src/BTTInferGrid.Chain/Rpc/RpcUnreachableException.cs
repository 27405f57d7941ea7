namespace BTTInferGrid.Chain.Rpc;

/// <summary>No endpoint answered, after all the attempts that the options and the call allow.</summary>
public sealed class RpcUnreachableException : RpcException
{
    internal RpcUnreachableException(string reason, bool isTimeout = false, Exception? inner = null)
        : base($"{reason} Check that the node runs and that the endpoint is right, or name another endpoint.", inner)
    {
        IsTimeout = isTimeout;
    }

    /// <summary>Whether the last attempt ended because the node took too long, so that a smaller question may help.</summary>
    public bool IsTimeout { get; }
}
