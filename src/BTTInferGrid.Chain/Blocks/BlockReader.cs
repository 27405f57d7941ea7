using System.Text.Json;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rpc;

namespace BTTInferGrid.Chain.Blocks;

/// <summary>Reads what a node says of blocks, strictly: a missing or odd value is an error, not a default.</summary>
internal static class BlockReader
{
    public static BlockHeader? ReadBlock(JsonElement result)
    {
        if (result.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var fields = new JsonFields(result, "eth_getBlockByNumber");
        return new BlockHeader(
            fields.UInt64("number"), fields.Hash("hash"), fields.UInt64("timestamp"),
            fields.Has("baseFeePerGas") ? fields.Big("baseFeePerGas") : null);
    }

    public static TransactionReceipt? ReadReceipt(JsonElement result)
    {
        const string Method = "eth_getTransactionReceipt";
        if (result.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        // A node may give a receipt without a block for a transaction that waits.
        var fields = new JsonFields(result, Method);
        if (!fields.Has("blockHash"))
        {
            return null;
        }

        return new TransactionReceipt(
            fields.Hash("transactionHash"), fields.UInt64("blockNumber"), fields.Hash("blockHash"),
            fields.UInt64("status") switch
            {
                0 => false,
                1 => true,
                _ => throw new RpcMalformedException(Method, "a status is neither 0 nor 1."),
            },
            fields.UInt64("gasUsed"), fields.Has("effectiveGasPrice") ? fields.Big("effectiveGasPrice") : null,
            fields.Has("contractAddress") ? fields.Address("contractAddress") : null,
            [.. fields.Array("logs").Select(static log => ReadLog(log, Method))]);
    }

    public static LogEntry ReadLog(JsonElement log, string method)
    {
        var fields = new JsonFields(log, method);
        Hash32[] topics = [.. fields.Array("topics").Select(topic => JsonFields.ReadHash(topic, method))];
        if (topics.Length > 4 || fields.IsTrue("removed"))
        {
            throw new RpcMalformedException(
                method, "a log has more than four topics, or is of a block that was dropped.");
        }

        return new LogEntry(
            fields.Address("address"), topics, fields.Bytes("data"), fields.UInt64("blockNumber"),
            fields.Hash("blockHash"), fields.Hash("transactionHash"), fields.UInt64("logIndex"));
    }
}
