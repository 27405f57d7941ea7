using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.References;
using Orleans.Embedded.State;
using Orleans.Embedded.Streaming;
using Orleans.Embedded.Timers;

namespace Orleans.Embedded.Activations;

/// <summary>What all activations of one grain class on this silo have in common.</summary>
internal sealed class GrainHost
{
    private readonly ObjectFactory _construct;
    private readonly PersistentStateFactory[] _states;
    private IGrainFactory? _grainFactory;

    public GrainHost(
        GrainClass grainClass,
        IServiceProvider services,
        MessageCenter messages,
        GrainCaller caller,
        StreamSweep streams,
        ActivationLifecycle lifecycle,
        IdleCollector collector)
    {
        Class = grainClass;
        Services = services;
        Messages = messages;
        Caller = caller;
        Streams = streams;
        Lifecycle = lifecycle;
        Timers = services.GetRequiredService<TimerQueue>();
        Collector = collector;
        Manifest = services.GetRequiredService<GrainManifestIndex>();
        Fence = services.GetRequiredService<SiloFence>();
        IIncomingGrainCallFilter[] filters = [.. services.GetServices<IIncomingGrainCallFilter>()];
        var hasFilters = filters.Length > 0 || grainClass.Type.IsAssignableTo(typeof(IIncomingGrainCallFilter));
        Filters = hasFilters ? filters : null;
        _states = PersistentStateFactory.For(grainClass.Type);
        _construct = ActivatorUtilities.CreateFactory(
            grainClass.Type, Array.ConvertAll(_states, static state => state.ServiceType));
        HasOnlyStates = GrainConstructor.TakesNothingBut(grainClass.Type, _states.Length);
    }

    public GrainClass Class { get; }

    public IServiceProvider Services { get; }

    public IGrainFactory GrainFactory => _grainFactory ??= Services.GetRequiredService<IGrainFactory>();

    public MessageCenter Messages { get; }

    public GrainCaller Caller { get; }

    public StreamSweep Streams { get; }

    public ActivationLifecycle Lifecycle { get; }

    public TimerQueue Timers { get; }

    public IdleCollector Collector { get; }

    public GrainManifestIndex Manifest { get; }

    public SiloFence Fence { get; }

    /// <summary>The silo's filters of requests; null when there are none and the grain itself is none either.</summary>
    public IIncomingGrainCallFilter[]? Filters { get; }

    /// <summary>
    /// Whether the constructor needs no services, so that a scope is made only if the grain asks for one.
    /// </summary>
    private bool HasOnlyStates { get; }

    /// <summary>Makes the grain object and reads its state.</summary>
    public async ValueTask ConstructAsync(Activation activation)
    {
        if (_states.Length == 0)
        {
            activation.GrainInstance = Construct(activation, []);
        }
        else
        {
            var states = Array.ConvertAll(_states, state => state.Create(activation));
            activation.GrainInstance = Construct(activation, states);
            foreach (var state in states)
            {
                await state.ReadStateAsync();
            }
        }

        if (activation.GrainInstance is IActivationState own)
        {
            await own.ReadStateAsync();
        }
    }

    private object Construct(Activation activation, object[] states)
    {
        try
        {
            return _construct(HasOnlyStates ? Services : activation.ActivationServices, states);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException(
                $"Grain {activation.GrainId} could not be constructed as {Class.Type}: {error.Message}", error);
        }
    }
}
