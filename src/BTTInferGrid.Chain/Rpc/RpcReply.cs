using System.Text.Json;

namespace BTTInferGrid.Chain.Rpc;

/// <summary>The answer to one call of a batch: a result or an error.</summary>
public readonly record struct RpcReply
{
    private readonly JsonElement _result;

    internal RpcReply(JsonElement result)
    {
        _result = result;
    }

    internal RpcReply(RpcErrorException error)
    {
        Error = error;
    }

    /// <summary>Why the node refused the call; null if it did not.</summary>
    public RpcErrorException? Error { get; }

    /// <summary>The result.</summary>
    /// <exception cref="RpcErrorException">The node refused the call.</exception>
    public JsonElement Result => Error is null ? _result : throw Error;
}
