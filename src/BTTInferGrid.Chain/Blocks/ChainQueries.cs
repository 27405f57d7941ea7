using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rpc;

namespace BTTInferGrid.Chain.Blocks;

/// <summary>What a node can be asked of its chain (the Ethereum JSON-RPC methods, EIP-1474).</summary>
public static class ChainQueries
{
    /// <summary>The height of the newest block.</summary>
    public static RpcQuery<ulong> BlockNumber()
    {
        return new(
            RpcCall.Repeatable("eth_blockNumber"), static result => Quantity.ReadUInt64(result, "eth_blockNumber"));
    }

    /// <summary>A block; null if the node has none of that height.</summary>
    /// <param name="block">The block.</param>
    public static RpcQuery<BlockHeader?> Block(BlockTag block)
    {
        return new(RpcCall.Repeatable("eth_getBlockByNumber", block.ToString(), false), BlockReader.ReadBlock);
    }

    /// <summary>Transactions that an account has sent up to a block; the nonce of its next one.</summary>
    /// <param name="account">The account.</param>
    /// <param name="block">The block.</param>
    public static RpcQuery<ulong> TransactionCount(Address account, BlockTag block)
    {
        const string Method = "eth_getTransactionCount";
        return new(
            RpcCall.Repeatable(Method, account.ToString(), block.ToString()),
            static result => Quantity.ReadUInt64(result, Method));
    }

    /// <summary>Wei that an account has.</summary>
    /// <param name="account">The account.</param>
    /// <param name="block">The block.</param>
    public static RpcQuery<BigInteger> Balance(Address account, BlockTag block)
    {
        const string Method = "eth_getBalance";
        return new(
            RpcCall.Repeatable(Method, account.ToString(), block.ToString()),
            static result => Quantity.ReadBig(result, Method));
    }

    /// <summary>The code of a contract; empty if there is none.</summary>
    /// <param name="account">The address.</param>
    /// <param name="block">The block.</param>
    public static RpcQuery<byte[]> Code(Address account, BlockTag block)
    {
        const string Method = "eth_getCode";
        return new(
            RpcCall.Repeatable(Method, account.ToString(), block.ToString()),
            static result => JsonFields.ReadBytes(result, Method));
    }

    /// <summary>What a call would return.</summary>
    /// <param name="call">The call.</param>
    /// <param name="block">The block after which it would run.</param>
    public static RpcQuery<byte[]> Call(CallMessage call, BlockTag block)
    {
        const string Method = "eth_call";
        return new(
            RpcCall.Repeatable(Method, WriteCall(call), block.ToString()),
            static result => JsonFields.ReadBytes(result, Method));
    }

    /// <summary>Units of gas that a call would need.</summary>
    /// <param name="call">The call.</param>
    public static RpcQuery<ulong> GasEstimate(CallMessage call)
    {
        const string Method = "eth_estimateGas";
        return new(RpcCall.Repeatable(Method, WriteCall(call)), static result => Quantity.ReadUInt64(result, Method));
    }

    /// <summary>Wei for each unit of gas that the node thinks enough for a transaction without EIP-1559.</summary>
    public static RpcQuery<BigInteger> GasPrice()
    {
        return new(RpcCall.Repeatable("eth_gasPrice"), static result => Quantity.ReadBig(result, "eth_gasPrice"));
    }

    /// <summary>Wei for each unit of gas, on top of the base fee, that the node thinks enough (EIP-1559).</summary>
    public static RpcQuery<BigInteger> PriorityFee()
    {
        const string Method = "eth_maxPriorityFeePerGas";
        return new(RpcCall.Repeatable(Method), static result => Quantity.ReadBig(result, Method));
    }

    /// <summary>Whether the node knows a transaction, in a block or waiting for one.</summary>
    /// <param name="transaction">The transaction's hash.</param>
    public static RpcQuery<bool> IsKnown(Hash32 transaction)
    {
        return new(
            RpcCall.Repeatable("eth_getTransactionByHash", transaction.ToString()),
            static result => result.ValueKind != JsonValueKind.Null);
    }

    /// <summary>What became of a transaction; null if it is in no block.</summary>
    /// <param name="transaction">The transaction's hash.</param>
    public static RpcQuery<TransactionReceipt?> Receipt(Hash32 transaction)
    {
        return new(RpcCall.Repeatable("eth_getTransactionReceipt", transaction.ToString()), BlockReader.ReadReceipt);
    }

    /// <summary>
    /// Hands the bytes of a signed transaction to the node; gives its hash. Doing so twice is the same as once, because
    /// the bytes have a nonce.
    /// </summary>
    /// <param name="transaction">The bytes.</param>
    public static RpcQuery<Hash32> SendRawTransaction(ReadOnlySpan<byte> transaction)
    {
        const string Method = "eth_sendRawTransaction";
        return new(
            RpcCall.Repeatable(Method, HexText.Format(transaction)),
            static result => JsonFields.ReadHash(result, Method));
    }

    /// <summary>The logs of a range of blocks.</summary>
    /// <param name="addresses">The contracts; none for all.</param>
    /// <param name="events">First topics, of which a log must have one; none for all.</param>
    /// <param name="from">The first block.</param>
    /// <param name="to">The last block.</param>
    public static RpcQuery<LogEntry[]> Logs(
        IReadOnlyList<Address> addresses, IReadOnlyList<Hash32> events, ulong from, ulong to)
    {
        var filter = new JsonObject { ["fromBlock"] = Quantity.Format(from), ["toBlock"] = Quantity.Format(to) };
        if (addresses.Count > 0)
        {
            filter["address"] = new JsonArray([.. addresses.Select(static address => (JsonNode)address.ToString())]);
        }

        if (events.Count > 0)
        {
            filter["topics"] = new JsonArray(
                new JsonArray([.. events.Select(static topic => (JsonNode)topic.ToString())]));
        }

        const string Method = "eth_getLogs";
        return new(
            RpcCall.Repeatable(Method, filter),
            static result => result.ValueKind == JsonValueKind.Array
                ? [.. result.EnumerateArray().Select(static log => BlockReader.ReadLog(log, Method))]
                : throw new RpcMalformedException(Method, "the answer is not an array."));
    }

    private static JsonObject WriteCall(CallMessage call)
    {
        var message = new JsonObject { ["from"] = call.From.ToString(), ["value"] = Quantity.Format(call.Value) };
        if (call.To is { } to)
        {
            message["to"] = to.ToString();
        }

        if (!call.Data.IsEmpty)
        {
            message["data"] = HexText.Format(call.Data.Span);
        }

        return message;
    }
}
