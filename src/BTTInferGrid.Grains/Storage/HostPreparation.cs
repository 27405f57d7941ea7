using Microsoft.Extensions.Hosting;

namespace BTTInferGrid.Grains.Storage;

/// <summary>
/// Something that must be there before the first service of the host starts. Where it fails, the start fails with that very
/// exception, and no service has logged anything about it.
/// </summary>
internal abstract class HostPreparation : IHostedLifecycleService
{
    public abstract Task StartingAsync(CancellationToken cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
