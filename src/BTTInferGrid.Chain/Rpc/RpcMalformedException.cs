namespace BTTInferGrid.Chain.Rpc;

/// <summary>An endpoint answered with something that is not JSON-RPC 2.0, or not what the method returns.</summary>
public sealed class RpcMalformedException : RpcException
{
    internal RpcMalformedException(string subject, string problem)
        : base($"{subject}: {problem} Check that the endpoint is the JSON-RPC address of an Ethereum node.")
    {
    }
}
