namespace Orleans.Conformance.Testing.Grains;

[GenerateSerializer]
public sealed class Ledger
{
    [Id(0)]
    public int Balance { get; set; }

    [Id(1)]
    public List<string> Lines { get; set; } = [];
}

public interface IStateGrain : IGrainWithStringKey
{
    Task<int> Balance();

    Task<int> NamedBalance();

    Task<string?> Etag();

    Task<bool> RecordExists();

    Task Set(int balance);

    Task SetNamed(int balance);

    Task SetWithoutWriting(int balance);

    Task AddLineWithoutWriting(string line);

    Task<int> LineCount();

    Task Read();

    Task Clear();

    Task<bool> SetAndCatchConflict(int balance);

    Task<string> ActivationId();

    Task End();

    Task SetThrough(string key, int balance);
}

public class StateGrain(
    [PersistentState("ledger")] IPersistentState<Ledger> ledger,
    [PersistentState("other", "named")] IPersistentState<Ledger> other) : Grain, IStateGrain
{
    private int _balanceAtActivation = -1;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _balanceAtActivation = ledger.State.Balance;
        return Task.CompletedTask;
    }

    public Task<int> Balance()
    {
        Assert.NotEqual(-1, _balanceAtActivation);
        return Task.FromResult(ledger.State.Balance);
    }

    public Task<int> NamedBalance()
    {
        return Task.FromResult(other.State.Balance);
    }

    public Task<string?> Etag()
    {
        return Task.FromResult(ledger.Etag);
    }

    public Task<bool> RecordExists()
    {
        return Task.FromResult(ledger.RecordExists);
    }

    public Task Set(int balance)
    {
        ledger.State.Balance = balance;
        return ledger.WriteStateAsync();
    }

    public Task SetNamed(int balance)
    {
        other.State.Balance = balance;
        return other.WriteStateAsync();
    }

    public Task SetWithoutWriting(int balance)
    {
        ledger.State.Balance = balance;
        return Task.CompletedTask;
    }

    public Task AddLineWithoutWriting(string line)
    {
        ledger.State.Lines.Add(line);
        return Task.CompletedTask;
    }

    public Task<int> LineCount()
    {
        return Task.FromResult(ledger.State.Lines.Count);
    }

    public Task Read()
    {
        return ledger.ReadStateAsync();
    }

    public Task Clear()
    {
        return ledger.ClearStateAsync();
    }

    public async Task<bool> SetAndCatchConflict(int balance)
    {
        try
        {
            await Set(balance);
            return false;
        }
        catch (InconsistentStateException)
        {
            return true;
        }
    }

    public Task<string> ActivationId()
    {
        return Task.FromResult(GrainContext.ActivationId.ToString());
    }

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task SetThrough(string key, int balance)
    {
        return GrainFactory.GetGrain<IStateGrain>(key).Set(balance);
    }
}

public interface IUnstoredGrain : IGrainWithStringKey
{
    Task Call();
}

/// <summary>Asks for a store that nobody registered.</summary>
public class UnstoredGrain([PersistentState("x", "missing")] IPersistentState<Ledger> state) : Grain, IUnstoredGrain
{
    public Task Call()
    {
        return state.WriteStateAsync();
    }
}
