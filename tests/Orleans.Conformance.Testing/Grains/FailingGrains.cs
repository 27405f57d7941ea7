namespace Orleans.Conformance.Testing.Grains;

public interface IFailsToActivateGrain : IGrainWithStringKey
{
    Task<int> Attempts();
}

/// <summary>Fails to activate as often as its key says.</summary>
public class FailsToActivateGrain : Grain, IFailsToActivateGrain
{
    private static readonly ConcurrentDictionary<string, int> Tried = new();
    private int _attempts;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        _attempts = Tried.AddOrUpdate(key, 1, static (_, count) => count + 1);
        return _attempts <= int.Parse(key.Split('-')[0])
            ? throw new NotSupportedException($"Attempt {_attempts} fails.")
            : Task.CompletedTask;
    }

    public Task<int> Attempts()
    {
        return Task.FromResult(_attempts);
    }
}

public interface IFailsToConstructGrain : IGrainWithStringKey
{
    Task Call();
}

public class FailsToConstructGrain : Grain, IFailsToConstructGrain
{
    public FailsToConstructGrain()
    {
        throw new NotSupportedException("No such grain.");
    }

    public Task Call()
    {
        return Task.CompletedTask;
    }
}

public interface IEndsAtOnceGrain : IGrainWithStringKey
{
    Task Plain();
}

/// <summary>Ends each time it begins, so that no request ever reaches it.</summary>
public class EndsAtOnceGrain : Grain, IEndsAtOnceGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task Plain()
    {
        return Task.CompletedTask;
    }
}

public interface IFailsToDeactivateGrain : IGrainWithStringKey
{
    Task<string> ActivationId();

    Task End();
}

public class FailsToDeactivateGrain : Grain, IFailsToDeactivateGrain
{
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        throw new NotSupportedException("It does not want to go.");
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
