using Orleans.Providers;

namespace Orleans.Conformance.Testing.Grains;

public interface IStatefulGrain : IGrainWithStringKey
{
    Task<int> BalanceAtActivation();

    Task<int> Balance();

    Task Set(int balance);

    Task SetWithoutWriting(int balance);

    Task Replace(Ledger ledger);

    Task Read();

    Task Clear();

    Task<string> ActivationId();

    Task End();
}

public interface IDefaultStoreGrain : IStatefulGrain;

public interface INamedStoreGrain : IStatefulGrain;

public interface IMissingStoreGrain : IStatefulGrain;

public abstract class StatefulGrain : Grain<Ledger>, IStatefulGrain
{
    private int _balanceAtActivation = -1;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _balanceAtActivation = State.Balance;
        return Task.CompletedTask;
    }

    public Task<int> BalanceAtActivation()
    {
        return Task.FromResult(_balanceAtActivation);
    }

    public Task<int> Balance()
    {
        return Task.FromResult(State.Balance);
    }

    public Task Set(int balance)
    {
        State.Balance = balance;
        return WriteStateAsync();
    }

    public Task SetWithoutWriting(int balance)
    {
        State.Balance = balance;
        return Task.CompletedTask;
    }

    public Task Replace(Ledger ledger)
    {
        State = ledger;
        return WriteStateAsync();
    }

    public Task Read()
    {
        return ReadStateAsync();
    }

    public Task Clear()
    {
        return ClearStateAsync();
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
}

public class DefaultStoreGrain : StatefulGrain, IDefaultStoreGrain;

[StorageProvider(ProviderName = "named")]
public class NamedStoreGrain : StatefulGrain, INamedStoreGrain;

[StorageProvider(ProviderName = "missing")]
public class MissingStoreGrain : StatefulGrain, IMissingStoreGrain;
