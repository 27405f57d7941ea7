using System.Numerics;
using System.Text.Json.Nodes;
using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rpc;

namespace BTTInferGrid.Chain.Tests.Anvil;

/// <summary>What only a local chain can be told.</summary>
internal static class ChainDriver
{
    extension(RpcClient rpc)
    {
        public Task FundAsync(Address account, BigInteger amount)
        {
            return rpc.CallAsync(new RpcCall("anvil_setBalance", account.ToString(), Quantity.Format(amount)));
        }

        public Task MineAsync(int blocks = 1)
        {
            return rpc.CallAsync(new RpcCall("anvil_mine", Quantity.Format(blocks)));
        }

        public Task SetAutomineAsync(bool isOn)
        {
            return rpc.CallAsync(new RpcCall("evm_setAutomine", isOn));
        }

        /// <summary>Replaces the newest blocks by empty ones of another branch.</summary>
        public Task ReorganiseAsync(int depth)
        {
            return rpc.CallAsync(new RpcCall("anvil_reorg", depth, new JsonArray()));
        }

        public Task DropAllAsync()
        {
            return rpc.CallAsync(new RpcCall("anvil_dropAllTransactions"));
        }

        public Task<BigInteger> BalanceAsync(Address account)
        {
            return rpc.AskAsync(ChainQueries.Balance(account, BlockTag.Latest));
        }

        public Task<ulong> NonceAsync(Address account)
        {
            return rpc.AskAsync(ChainQueries.TransactionCount(account, BlockTag.Latest));
        }

        public Task SetCodeAsync(Address account, string code)
        {
            return rpc.CallAsync(new RpcCall("anvil_setCode", account.ToString(), code));
        }

        /// <summary>Sends a transaction that the node does not ask a signature for.</summary>
        public async Task<Hash32> SendUnsignedAsync(
            Address from, Address to, string data = "0x", BigInteger value = default)
        {
            var transaction = new JsonObject
            {
                ["from"] = from.ToString(),
                ["to"] = to.ToString(),
                ["data"] = data,
                ["value"] = Quantity.Format(value),
                ["gas"] = "0x186a0",
            };
            await rpc.CallAsync(new RpcCall("anvil_impersonateAccount", from.ToString()));
            var hash = await rpc.CallAsync(new RpcCall("eth_sendTransaction", transaction));
            return Hash32.Parse(hash.GetString()!);
        }

        /// <summary>
        /// Waits until a transaction is in a block: a chain that makes them at once does so after it answers.
        /// </summary>
        public async Task WaitMinedAsync(Hash32 transaction)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (await rpc.AskAsync(ChainQueries.Receipt(transaction), limit.Token) is null)
            {
                // Asking takes its time.
            }
        }
    }
}
