namespace BTTInferGrid.Chain.Rpc;

/// <summary>The node understood the call and refused it: the error object of JSON-RPC 2.0, section 5.1.</summary>
public sealed class RpcErrorException : RpcException
{
    /// <summary>The code that nodes give to a call that was reverted.</summary>
    public const int RevertCode = 3;

    internal RpcErrorException(string method, int code, string nodeMessage, string? data)
        : base($"The node refused {method} with code {code}: {nodeMessage}")
    {
        Method = method;
        Code = code;
        NodeMessage = nodeMessage;
        RawData = data;
    }

    /// <summary>The method that was called.</summary>
    public string Method { get; }

    /// <summary>The code that the node gave.</summary>
    public int Code { get; }

    /// <summary>What the node said: at most 300 characters, control characters replaced.</summary>
    public string NodeMessage { get; }

    /// <summary>
    /// What the node added, if it is text: for a reverted call the return data as <c>0x</c> hex. Not checked.
    /// </summary>
    public string? RawData { get; }

    /// <summary>
    /// Whether the node says that the call itself fails, rather than that it cannot answer: by its words, by the
    /// code of a revert, or by those that nodes use for a call that does not run (EIP-1474).
    /// </summary>
    public bool IsReverted => Code is -32000 or -32003 or -32015 or RevertCode
        || NodeMessage.Contains("revert", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the node says that it has no such method.</summary>
    public bool IsMethodMissing => Code is -32601 or -32004;
}
