using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Logs;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Storage;
using BTTInferGrid.Chain.Tests.Anvil;
using BTTInferGrid.Chain.Tests.Faults;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Chain.Tests.Logs;

/// <summary>A contract emits numbered events; what the follower hands on is kept in the same file.</summary>
public sealed class LogFollowerTests(AnvilFixture anvil) : IClassFixture<AnvilFixture>, IAsyncLifetime
{
    /// <summary>Emits an event whose only topic is the call's data.</summary>
    private const string EmitterCode = "0x60003560006000a100";

    private readonly TemporaryHome _home = new();
    private readonly List<IDisposable> _parts = [];
    private readonly Address _contract = new(RandomNumberGenerator.GetBytes(Address.Bytes));
    private readonly Address _caller = new(RandomNumberGenerator.GetBytes(Address.Bytes));
    private FaultProxy _proxy = null!;
    private ulong _first;

    private string Database => Path.Combine(_home.Path, "logs.db");

    public async Task InitializeAsync()
    {
        _proxy = await FaultProxy.StartAsync(anvil.Node.Endpoint);
        await anvil.Rpc.FundAsync(_caller, 1_000_000_000_000_000_000);
        await anvil.Rpc.SetCodeAsync(_contract, EmitterCode);
        _first = await anvil.Rpc.AskAsync(ChainQueries.BlockNumber()) + 1;
    }

    public async Task DisposeAsync()
    {
        _parts.ForEach(static part => part.Dispose());
        await _proxy.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task Advance_Events_ComeOnceInOrderWhenTheyAreFinal()
    {
        await EmitAsync(1, 5);
        var follower = Create(options => options with { Confirmations = 3 });

        Assert.Equal([1, 2, 3], await FollowAsync(follower));
        await EmitAsync(6, 1);
        Assert.Equal([1, 2, 3, 4], await FollowAsync(follower));
        await anvil.Rpc.MineAsync(2);
        Assert.Equal([1, 2, 3, 4, 5, 6], await FollowAsync(follower));
        Assert.Equal([1, 2, 3, 4, 5, 6], await FollowAsync(follower));
    }

    [Fact]
    public async Task Advance_AfterARestart_GoesOn()
    {
        await EmitAsync(1, 3);
        Assert.Equal([1, 2, 3], await FollowAsync(Create()));
        await EmitAsync(4, 2);

        Assert.Equal([1, 2, 3, 4, 5], await FollowAsync(Create()));
    }

    [Fact]
    public async Task Advance_HandlerThatFails_HandsTheSameLogsOnAgain()
    {
        await EmitAsync(1, 3);
        var follower = Create();
        await ReadAsync();

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => follower.AdvanceAsync((batch, transaction) =>
        {
            Keep(batch, transaction);
            throw new InvalidTimeZoneException();
        }));

        Assert.Equal([1, 2, 3], await FollowAsync(follower));
    }

    [Fact]
    public async Task Advance_TwoFollowersOfOneName_HandEachLogOnOnce()
    {
        await EmitAsync(1, 40);
        var followers = Enumerable.Range(0, 4).Select(_ => Create(options => options with { MaxRange = 3 })).ToArray();

        await Task.WhenAll(followers.Select(FollowAsync));

        Assert.Equal(Enumerable.Range(1, 40), await ReadAsync());
    }

    [Fact]
    public async Task Advance_ShallowReorg_IsNeverSeen()
    {
        var follower = Create(options => options with { Confirmations = 6 });
        await EmitAsync(1, 5);
        Assert.Empty(await FollowAsync(follower));

        await anvil.Rpc.ReorganiseAsync(5);
        await anvil.Rpc.DropAllAsync();
        await EmitAsync(10, 3);
        await anvil.Rpc.MineAsync(10);

        Assert.Equal([10, 11, 12], await FollowAsync(follower));
    }

    [Fact]
    public async Task Advance_DeepReorg_IsSaidAndCanBeUndone()
    {
        var follower = Create(options => options with { Confirmations = 2, MaxRange = 1 });
        await EmitAsync(1, 8);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], await FollowAsync(follower));

        await anvil.Rpc.ReorganiseAsync(5);
        await anvil.Rpc.DropAllAsync();
        var error = await Assert.ThrowsAsync<DeepReorgException>(() => FollowAsync(follower));
        Assert.Equal(_first + 6, error.Dropped.Block);
        Assert.Equal(_first + 2, error.Common!.Value.Block);

        await follower.RewindAsync(error.Common, transaction => transaction.Run(
            "delete from seen where block > $block", ("$block", (long)error.Common.Value.Block)));
        await EmitAsync(20, 2);
        await anvil.Rpc.MineAsync();

        Assert.Equal([1, 2, 3, 20, 21], await FollowAsync(follower));
    }

    [Fact]
    public async Task Advance_NodeThatLimitsRanges_IsAskedForLess()
    {
        await EmitAsync(1, 30);
        _proxy.RangeLimit = 4;

        Assert.Equal(Enumerable.Range(1, 30), await FollowAsync(Create()));
        Assert.True(_proxy.Count("eth_getLogs") > 7);
    }

    [Fact]
    public async Task Advance_AnswerTooLarge_IsAskedForLess()
    {
        await EmitAsync(1, 40);

        Assert.Equal(
            Enumerable.Range(1, 40),
            await FollowAsync(Create(changeRpc: options => options with { MaxResponseBytes = 8192 })));
    }

    [Theory]
    [InlineData("address", "\"0x00000000000000000000000000000000000000aa\"")]
    [InlineData("blockNumber", "\"0x7fffffff\"")]
    [InlineData("blockNumber", "\"0x0\"")]
    [InlineData("blockHash", "\"0x00000000000000000000000000000000000000000000000000000000000000aa\"")]
    [InlineData("removed", "true")]
    [InlineData("topics", "[]")]
    [InlineData("topics", "null")]
    [InlineData("data", "\"0x0\"")]
    [InlineData("logIndex", "\"0x00\"")]
    public async Task Advance_LogThatIsNotOneAskedFor_IsRefused(string field, string value)
    {
        await EmitAsync(1, 1);
        var logs = await anvil.Rpc.AskAsync(ChainQueries.Logs([_contract], [], _first, _first));
        var call = ChainQueries.Logs([_contract], [], _first, _first).Call;
        var answer = JsonNode.Parse((await anvil.Rpc.CallAsync(call)).GetRawText())!;
        answer[0]![field] = JsonNode.Parse(value);
        _proxy.Answers["eth_getLogs"] = answer.ToJsonString();
        var follower = Create(options => options with { Events = [logs[0].Topics[0]] });

        await Assert.ThrowsAsync<RpcMalformedException>(() => FollowAsync(follower));

        Assert.Empty(await ReadAsync());
    }

    [Fact]
    public async Task Advance_SameLogTwice_IsRefused()
    {
        await EmitAsync(1, 1);
        var call = ChainQueries.Logs([_contract], [], _first, _first).Call;
        var log = (await anvil.Rpc.CallAsync(call))[0].GetRawText();
        _proxy.Answers["eth_getLogs"] = $"[{log},{log}]";

        await Assert.ThrowsAsync<RpcMalformedException>(() => FollowAsync(Create()));
    }

    [Fact]
    public async Task Advance_BranchChangesBetweenTwoQuestions_IsNotReadFrom()
    {
        await EmitAsync(1, 1);
        var follower = Create();
        await FollowAsync(follower);
        await anvil.Rpc.MineAsync();
        var block = JsonNode.Parse(
            (await anvil.Rpc.CallAsync(ChainQueries.Block(BlockTag.Latest).Call)).GetRawText())!;
        block["hash"] = $"0x{new string('1', 64)}";
        _proxy.Set(methods =>
        {
            if (methods.Contains("eth_getLogs", StringComparison.Ordinal))
            {
                _proxy.Answers["eth_getBlockByNumber"] = block.ToJsonString();
            }

            return Fault.None;
        });

        await Assert.ThrowsAsync<RpcMalformedException>(() => FollowAsync(follower));
    }

    [Fact]
    public async Task Follow_Outage_IsWaitedOut()
    {
        await EmitAsync(1, 3);
        var follower = Create();
        await ReadAsync();
        _proxy.Set(Fault.Refuse, times: 12);
        using var stop = new CancellationTokenSource();

        var following = follower.FollowAsync(
            (batch, transaction) =>
            {
                Keep(batch, transaction);
                if (batch.Logs.Count > 0)
                {
                    stop.Cancel();
                }
            },
            stop.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal([1, 2, 3], await ReadAsync());
    }

    private static void Keep(LogBatch batch, SqliteTransaction transaction)
    {
        foreach (var log in batch.Logs)
        {
            var number = int.Parse(log.Topics[0].ToString()[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            transaction.Run(
                "insert into seen (block, number) values ($block, $number)", ("$block", (long)log.BlockNumber),
                ("$number", number));
        }
    }

    private LogFollower Create(
        Func<LogFollowerOptions, LogFollowerOptions>? change = null, Func<RpcOptions, RpcOptions>? changeRpc = null)
    {
        var rpcOptions = anvil.Options(_proxy.Endpoint);
        var rpc = new RpcClient(
            changeRpc?.Invoke(rpcOptions) ?? rpcOptions, TimeProvider.System, new Random(1),
            NullLogger<RpcClient>.Instance);
        var options = new LogFollowerOptions
        {
            Database = Database,
            Name = "test",
            Addresses = [_contract],
            FirstBlock = _first,
            Confirmations = 1,
            PollInterval = TimeSpan.FromMilliseconds(10),
        };
        var follower = new LogFollower(
            rpc, change?.Invoke(options) ?? options, TimeProvider.System, NullLogger<LogFollower>.Instance);
        _parts.Add(follower);
        _parts.Add(rpc);
        return follower;
    }

    private async Task EmitAsync(int first, int count)
    {
        for (var number = first; number < first + count; number++)
        {
            await anvil.Rpc.WaitMinedAsync(
                await anvil.Rpc.SendUnsignedAsync(_caller, _contract, $"0x{number:x64}"));
        }
    }

    private async Task<List<int>> FollowAsync(LogFollower follower)
    {
        await ReadAsync();
        while (await follower.AdvanceAsync(Keep))
        {
            // There is more.
        }

        return await ReadAsync();
    }

    private async Task<List<int>> ReadAsync()
    {
        using var file = new SqliteFile(Database);
        return await file.ChangeAsync(
            transaction =>
            {
                transaction.Run(
                    "create table if not exists seen (id integer primary key, block integer, number integer)");
                return transaction.Read("select number from seen order by id", static row => row.GetInt32(0));
            },
            CancellationToken.None);
    }
}
