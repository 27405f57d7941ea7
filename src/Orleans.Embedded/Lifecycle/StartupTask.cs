using Orleans.Runtime;

namespace Orleans.Embedded.Lifecycle;

/// <summary>A startup task as a part of the silo's lifecycle.</summary>
internal sealed class StartupTask(
    IServiceProvider services, Func<IServiceProvider, CancellationToken, Task> run, int stage)
    : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe<StartupTask>(stage, cancellation => run(services, cancellation));
    }
}
