using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Directory;
using Orleans.Embedded.Messaging;
using Orleans.Runtime;

namespace Orleans.Embedded.Activations;

/// <summary>
/// The first and the last steps of every activation. Both run in turns of the activation and never throw.
/// </summary>
internal sealed partial class ActivationLifecycle(
    IGrainLocator locator,
    MessageCenter messages,
    ActivationRegistry registry,
    TimeProvider clock,
    SiloStopping stopping,
    IOptions<GrainCollectionOptions> options,
    ILogger<ActivationLifecycle> logger)
{
    private readonly TimeSpan _deactivationTimeout = options.Value.DeactivationTimeout;

    public async Task ActivateAsync(Activation activation)
    {
        try
        {
            var (holder, token) = await locator.RegisterAsync(activation.Address, stopping.Token);
            if (!holder.Matches(activation.Address))
            {
                LogDuplicate(activation.Address, holder);
                LeaveTo(activation, holder.SiloAddress!);
                return;
            }

            activation.FencingToken = token;
            await activation.Host.ConstructAsync(activation);
            await ((IGrainBase)activation.GrainInstance!).OnActivateAsync(stopping.Token);
        }
        catch (Exception error)
        {
            LogActivationFailed(activation.Address, error);
            await DiscardAsync(activation, error);
            return;
        }

        if (!activation.Gate.TryOpen())
        {
            await EndAsync(activation, wasOpen: false);
        }
    }

    public async Task EndAsync(Activation activation, bool wasOpen)
    {
        var ending = activation.EndingNow!;
        using var limit = new CancellationTokenSource(_deactivationTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ending.Limit);
        try
        {
            await activation.BeginEnd().WaitAsync(either.Token);
            await ((IGrainBase)activation.GrainInstance!)
                .OnDeactivateAsync(ending.Reason, either.Token).WaitAsync(either.Token);
        }
        catch (Exception error)
        {
            LogDeactivationFailed(activation.Address, error);
        }

        await UnregisterAsync(activation);
        Leave(activation, wasOpen);
    }

    /// <summary>
    /// Ends an activation that never became ready: its callers get the reason, the next call tries again.
    /// </summary>
    private async Task DiscardAsync(Activation activation, Exception error)
    {
        activation.Timers?.Stop();
        await UnregisterAsync(activation);
        registry.Remove(activation);
        foreach (var request in activation.Gate.Leave())
        {
            messages.Reject(request, error);
        }

        registry.Forget(activation);
    }

    private async Task UnregisterAsync(Activation activation)
    {
        try
        {
            await activation.DisposeAsync();
            await locator.UnregisterAsync(activation.Address, CancellationToken.None);
        }
        catch (Exception error)
        {
            LogDeactivationFailed(activation.Address, error);
        }
    }

    /// <summary>Takes the activation out of the silo and sends the requests it did not start to the next one.</summary>
    private void Leave(Activation activation, bool wasOpen)
    {
        registry.Remove(activation);
        foreach (var request in activation.Gate.Leave())
        {
            messages.DispatchAgain(request, wasOpen);
        }

        registry.Forget(activation);
    }

    /// <summary>
    /// Takes the activation out of the silo and sends its requests to the one that was registered first.
    /// </summary>
    private void LeaveTo(Activation activation, SiloAddress silo)
    {
        registry.Remove(activation);
        foreach (var request in activation.Gate.Leave())
        {
            messages.SendTo(silo, request);
        }

        registry.Forget(activation);
    }

    [LoggerMessage(2107, LogLevel.Warning, "A filter of {Method} at activation {Address} failed after the answer.")]
    public partial void ReportLateFilterError(GrainMethod method, GrainAddress address, Exception error);

    [LoggerMessage(2105, LogLevel.Warning, "A timer of activation {Address} failed while it was stopped.")]
    public partial void ReportTimerStopFailed(GrainAddress address, Exception error);

    [LoggerMessage(2104, LogLevel.Critical, "A turn of activation {Address} failed in the runtime itself.")]
    public partial void ReportBrokenTurn(GrainAddress address, Exception error);

    [LoggerMessage(2101, LogLevel.Debug, "Activation {Address} ends: {Holder} was registered first.")]
    private partial void LogDuplicate(GrainAddress address, GrainAddress holder);

    [LoggerMessage(2102, LogLevel.Warning, "Activation {Address} could not be set up.")]
    private partial void LogActivationFailed(GrainAddress address, Exception error);

    [LoggerMessage(2103, LogLevel.Warning, "Activation {Address} did not end cleanly.")]
    private partial void LogDeactivationFailed(GrainAddress address, Exception error);
}
