using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.Lifecycle;
using Orleans.Runtime;

namespace Orleans.Hosting;

/// <summary>Things to do when a silo has started.</summary>
public static class SiloBuilderStartupExtensions
{
    /// <summary>Runs a startup task, made from the silo's services.</summary>
    /// <typeparam name="TStartup">The task.</typeparam>
    /// <param name="builder">The silo.</param>
    /// <param name="stage">The lifecycle stage it runs at.</param>
    public static ISiloBuilder AddStartupTask<TStartup>(
        this ISiloBuilder builder, int stage = ServiceLifecycleStage.Active)
        where TStartup : class, IStartupTask
    {
        return builder.AddStartupTask(
            static (services, cancellation) =>
                ActivatorUtilities.GetServiceOrCreateInstance<TStartup>(services).Execute(cancellation),
            stage);
    }

    /// <summary>Runs a startup task.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="startupTask">The task.</param>
    /// <param name="stage">The lifecycle stage it runs at.</param>
    public static ISiloBuilder AddStartupTask(
        this ISiloBuilder builder, IStartupTask startupTask, int stage = ServiceLifecycleStage.Active)
    {
        ArgumentNullException.ThrowIfNull(startupTask);
        return builder.AddStartupTask((_, cancellation) => startupTask.Execute(cancellation), stage);
    }

    /// <summary>Runs a method as a startup task.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="startupTask">The method; it may call grains, and an exception fails the start of the silo.</param>
    /// <param name="stage">The lifecycle stage it runs at.</param>
    public static ISiloBuilder AddStartupTask(
        this ISiloBuilder builder,
        Func<IServiceProvider, CancellationToken, Task> startupTask,
        int stage = ServiceLifecycleStage.Active)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(startupTask);
        builder.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            services => new StartupTask(services, startupTask, stage));
        return builder;
    }
}
