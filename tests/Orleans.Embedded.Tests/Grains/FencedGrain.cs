namespace Orleans.Embedded.Tests.Grains;

public interface IFencedGrain : IGrainWithStringKey
{
    Task<string> Silo();

    Task<long> Token();

    Task Write(int balance);

    Task<int> Read();

    /// <summary>Reports that it runs, and writes when it may go on.</summary>
    Task HoldThenWrite(int balance);
}

public sealed class FencedGrain(
    [PersistentState("state")] IPersistentState<Ledger> ledger, ILocalSiloDetails silo) : Grain, IFencedGrain
{
    public Task<string> Silo()
    {
        return Task.FromResult(silo.SiloAddress.ToString());
    }

    public Task<long> Token()
    {
        return Task.FromResult(this.GetFencingToken());
    }

    public Task<int> Read()
    {
        return Task.FromResult(ledger.State.Balance);
    }

    public Task Write(int balance)
    {
        ledger.State.Balance = balance;
        return ledger.WriteStateAsync();
    }

    public async Task HoldThenWrite(int balance)
    {
        var key = this.GetPrimaryKeyString();
        Signals.Set($"{key} in");
        await Signals.Reached($"{key} out");
        try
        {
            await Write(balance);
            Signals.Set($"{key} wrote");
        }
        catch (SiloFencedException)
        {
            Signals.Set($"{key} fenced");
            throw;
        }
    }
}
