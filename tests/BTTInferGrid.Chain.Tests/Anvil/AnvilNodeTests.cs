using BTTInferGrid.Chain.Anvil;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rpc;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Chain.Tests.Anvil;

public sealed class AnvilNodeTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    private AnvilOptions Options => new() { Folder = Path.Combine(_home.Path, "chain") };

    private string State => Path.Combine(Options.Folder, "chain.json");

    [Fact]
    public async Task Start_AfterAStop_GoesOnWithItsBlocks()
    {
        ulong mined;
        await using (var node = await AnvilNode.StartAsync(Options, TimeProvider.System))
        {
            using var rpc = Client(node);
            await rpc.CallAsync(new RpcCall("anvil_mine", "0x7"));
            mined = await HeadAsync(rpc);
        }

        await using var again = await AnvilNode.StartAsync(Options, TimeProvider.System);
        using var client = Client(again);

        Assert.Equal(mined, await HeadAsync(client));
        Assert.True(File.Exists(State + ".previous"));
    }

    [Fact]
    public async Task Start_FolderInUse_SaysSo()
    {
        await using var node = await AnvilNode.StartAsync(Options, TimeProvider.System);

        var error = await Assert.ThrowsAsync<AnvilException>(() => AnvilNode.StartAsync(Options, TimeProvider.System));

        Assert.Contains("in use by another process", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"block\":{\"number\":\"0x3\"")]
    [InlineData("[]")]
    public async Task Start_DamagedState_SaysWhatToDo(string state)
    {
        Directory.CreateDirectory(Options.Folder);
        await File.WriteAllTextAsync(State, state);

        var error = await Assert.ThrowsAsync<AnvilException>(() => AnvilNode.StartAsync(Options, TimeProvider.System));

        Assert.Contains("is damaged. Remove it to start a new chain.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DamagedStateWithAnEarlierOne_OffersIt()
    {
        for (var start = 0; start < 2; start++)
        {
            await using var node = await AnvilNode.StartAsync(Options, TimeProvider.System);
        }

        await File.WriteAllTextAsync(State, "{");
        var error = await Assert.ThrowsAsync<AnvilException>(() => AnvilNode.StartAsync(Options, TimeProvider.System));
        Assert.Contains($"Move {State}.previous over it", error.Message, StringComparison.Ordinal);

        File.Move(State + ".previous", State, overwrite: true);
        await using var again = await AnvilNode.StartAsync(Options, TimeProvider.System);
        using var rpc = Client(again);
        Assert.Equal(0UL, await HeadAsync(rpc));
    }

    [Fact]
    public async Task Start_StateThatAnvilRefuses_SaysWhatAnvilSaid()
    {
        Directory.CreateDirectory(Options.Folder);
        await File.WriteAllTextAsync(State, "{\"block\":1}");

        var error = await Assert.ThrowsAsync<AnvilException>(() => AnvilNode.StartAsync(Options, TimeProvider.System));

        Assert.Contains("Anvil ended before it listened", error.Message, StringComparison.Ordinal);
        Assert.Contains("--state", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ProgramThatIsNotThere_SaysWhereItLooked()
    {
        var missing = Path.Combine(_home.Path, "no-anvil");

        var error = await Assert.ThrowsAsync<AnvilMissingException>(
            () => AnvilNode.StartAsync(Options with { Program = missing }, TimeProvider.System));

        Assert.Contains(missing, error.Message, StringComparison.Ordinal);
        Assert.Contains(AnvilProgram.Variable, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortInUse_SaysSo()
    {
        await using var node = await AnvilNode.StartAsync(Options, TimeProvider.System);
        var other = Options with { Folder = Path.Combine(_home.Path, "other"), Port = node.Endpoint.Port };

        var error = await Assert.ThrowsAsync<AnvilException>(() => AnvilNode.StartAsync(other, TimeProvider.System));

        Assert.Contains("Address already in use", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Accounts_OfANewChain_HaveCoinsAndKeysThatStay()
    {
        Address account;
        await using (var node = await AnvilNode.StartAsync(
            Options with { Accounts = 2, Balance = 5 }, TimeProvider.System))
        {
            using var rpc = Client(node);
            account = node.Accounts.Addresses[1];
            using var key = node.Accounts.OpenKey(1);
            Assert.Equal(key.Address, account);

            Assert.Equal(5, await rpc.BalanceAsync(account));
            await rpc.MineAsync();
            await rpc.FundAsync(account, 0);
        }

        await using var again = await AnvilNode.StartAsync(
            Options with { Accounts = 2, Balance = 5 }, TimeProvider.System);
        using var client = Client(again);
        Assert.Equal(account, again.Accounts.Addresses[1]);
        using var same = again.Accounts.OpenKey(1);
        Assert.Equal(account, same.Address);
        Assert.Equal(0, await client.BalanceAsync(account));
    }

    [Fact]
    public async Task Accounts_Secret_IsInNoArgumentAndForItsOwnerOnly()
    {
        await using var node = await AnvilNode.StartAsync(Options, TimeProvider.System);
        var path = Path.Combine(Options.Folder, "mnemonic");
        var words = (await File.ReadAllTextAsync(path)).Trim();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        foreach (var process in Directory.EnumerateFiles(
            "/proc", "cmdline",
            new EnumerationOptions { MaxRecursionDepth = 1, RecurseSubdirectories = true, IgnoreInaccessible = true }))
        {
            Assert.DoesNotContain(words, await ReadIfThereAsync(process), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("not a mnemonic", 0, "holds no mnemonic")]
    [InlineData(
        "test test test test test test test test test test test junk", (int)UnixFileMode.GroupRead,
        "can be read by others")]
    public async Task Accounts_SecretThatIsDamagedOrShared_IsNotUsed(string text, int mode, string problem)
    {
        Directory.CreateDirectory(Options.Folder);
        var path = Path.Combine(Options.Folder, "mnemonic");
        await File.WriteAllTextAsync(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | (UnixFileMode)mode);

        var error = await Assert.ThrowsAsync<AnvilException>(() => AnvilNode.StartAsync(Options, TimeProvider.System));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(text, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BlockTime_Zero_MakesBlocksOnlyWhenAskedTo()
    {
        await using var node = await AnvilNode.StartAsync(
            Options with { BlockTime = TimeSpan.Zero }, TimeProvider.System);
        using var rpc = Client(node);
        var account = node.Accounts.Addresses[0];

        await rpc.SendUnsignedAsync(account, account);
        Assert.Equal(0UL, await HeadAsync(rpc));
        await rpc.MineAsync();
        Assert.Equal(1UL, await rpc.NonceAsync(account));
    }

    public void Dispose()
    {
        _home.Dispose();
    }

    private static RpcClient Client(AnvilNode node)
    {
        var options = new RpcOptions { Endpoints = [node.Endpoint], ChainId = node.ChainId };
        return new RpcClient(options, TimeProvider.System, new Random(1), NullLogger<RpcClient>.Instance);
    }

    private static async Task<string> ReadIfThereAsync(string path)
    {
        try
        {
            return (await File.ReadAllTextAsync(path)).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static async Task<ulong> HeadAsync(RpcClient rpc)
    {
        return Quantity.ReadUInt64(await rpc.CallAsync(RpcCall.Repeatable("eth_blockNumber")), "head");
    }
}
