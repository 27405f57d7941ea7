namespace BTTInferGrid.Chain.Rpc;

/// <summary>No endpoint answered, after all the attempts that the options and the call allow.</summary>
public sealed class RpcUnreachableException : RpcException
{
    internal const string Advice = "Check that the node runs and that the endpoint is right, or name another endpoint.";

    internal RpcUnreachableException(string message, bool isTimeout = false)
        : base(message)
    {
        IsTimeout = isTimeout;
    }

    /// <summary>
    /// Whether the last attempt ended because the node took too long, so that a smaller question may help.
    /// </summary>
    public bool IsTimeout { get; }
}
