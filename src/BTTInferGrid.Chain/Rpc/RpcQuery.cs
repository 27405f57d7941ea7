using System.Text.Json;

namespace BTTInferGrid.Chain.Rpc;

/// <summary>A call that only reads, and how its result is read.</summary>
/// <typeparam name="T">What the result stands for.</typeparam>
public sealed class RpcQuery<T>
{
    private readonly Func<JsonElement, T> _read;

    internal RpcQuery(RpcCall call, Func<JsonElement, T> read)
    {
        Call = call;
        _read = read;
    }

    /// <summary>The call.</summary>
    public RpcCall Call { get; }

    /// <summary>Reads the reply to the call.</summary>
    /// <param name="reply">The reply.</param>
    /// <exception cref="RpcErrorException">The node refused the call.</exception>
    /// <exception cref="RpcMalformedException">The result is not what the method returns.</exception>
    public T Read(RpcReply reply)
    {
        return _read(reply.Result);
    }
}
