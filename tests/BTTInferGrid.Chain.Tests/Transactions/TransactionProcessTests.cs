using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Signing;
using BTTInferGrid.Chain.Tests.Anvil;
using BTTInferGrid.Chain.Tests.Faults;

namespace BTTInferGrid.Chain.Tests.Transactions;

/// <summary>Processes that share a key and a store, and die.</summary>
public sealed class TransactionProcessTests(AnvilFixture anvil) : IClassFixture<AnvilFixture>, IAsyncLifetime
{
    private const string Send = "eth_sendRawTransaction";

    private readonly TemporaryHome _home = new();
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private FaultProxy _proxy = null!;

    private TransactionSigner Signer => new(new PrivateKey(_key));

    public async Task InitializeAsync()
    {
        _proxy = await FaultProxy.StartAsync(anvil.Node.Endpoint);
        await anvil.Rpc.FundAsync(Signer.Address, BigInteger.Pow(10, 18));
        await anvil.Rpc.FundAsync(SenderProgram.Payee, 0);
    }

    public async Task DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task TwoProcesses_OneKey_PayEachIntentOnce()
    {
        string[] keys = [.. Enumerable.Range(0, 20).Select(static number => $"pay/{number}")];
        string[] backwards = [.. keys.Reverse()];

        await using var first = Start(keys);
        await using var second = Start(backwards);
        Assert.Equal(0, await first.WaitForExitAsync());
        Assert.Equal(0, await second.WaitForExitAsync());

        Assert.Equal(20, await anvil.Rpc.BalanceAsync(SenderProgram.Payee));
        Assert.Equal(20UL, await anvil.Rpc.NonceAsync(Signer.Address));
        Assert.Equal(Lines(first), Lines(second));
    }

    [Theory]
    [InlineData(Fault.Stall)]
    [InlineData(Fault.DropAnswer)]
    public async Task Killed_BetweenStoringAndSending_TheNextProcessPaysOnce(Fault fault)
    {
        var sending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _proxy.Set(methods =>
        {
            if (methods != Send)
            {
                return Fault.None;
            }

            sending.TrySetResult();
            return fault;
        });
        await using (var first = Start("rent"))
        {
            await sending.Task.WaitAsync(TimeSpan.FromMinutes(1));
            first.Send(ProcessSignal.Kill);
            await first.WaitForExitAsync();
            Assert.Equal("", first.Output);
        }

        _proxy.Set(Fault.None);
        await using var second = Start("rent");
        Assert.Equal(0, await second.WaitForExitAsync());

        Assert.Equal("rent Confirmed 0", second.Output.Trim());
        Assert.Equal(1, await anvil.Rpc.BalanceAsync(SenderProgram.Payee));
        Assert.Equal(1UL, await anvil.Rpc.NonceAsync(Signer.Address));
    }

    private static string[] Lines(ChildProcess process)
    {
        return [.. process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
    }

    private ChildProcess Start(params string[] keys)
    {
        var program = typeof(TransactionProcessTests).Assembly.Location;
        string[] arguments =
        [
            "send", _proxy.Endpoint.ToString(), anvil.Node.ChainId.ToString(CultureInfo.InvariantCulture),
            Path.Combine(_home.Path, "transactions.db"), string.Join(',', keys),
        ];
        return new ChildProcess(program, arguments, input: Convert.ToHexString(_key));
    }
}
