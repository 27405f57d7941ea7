using System.Text.Json.Nodes;

namespace BTTInferGrid.Chain.Rpc;

/// <summary>One method call.</summary>
/// <param name="Method">The method, such as <c>eth_blockNumber</c>.</param>
/// <param name="Parameters">The parameters, in order. They are not changed after the call is made.</param>
public sealed record RpcCall(string Method, params JsonNode?[] Parameters)
{
    /// <summary>
    /// Whether the call may be sent again when its outcome is unknown: true for what only reads, and for what has the
    /// same effect once and twice. Default false.
    /// </summary>
    public bool IsRepeatable { get; init; }

    /// <summary>A call that may be sent again when its outcome is unknown.</summary>
    /// <param name="method">The method.</param>
    /// <param name="parameters">The parameters, in order.</param>
    public static RpcCall Repeatable(string method, params JsonNode?[] parameters)
    {
        return new RpcCall(method, parameters) { IsRepeatable = true };
    }
}
