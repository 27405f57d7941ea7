using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Hosting;

/// <summary>Services and options of a client's host.</summary>
public static class ClientBuilderExtensions
{
    /// <summary>Registers services.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="configureDelegate">Registers services.</param>
    public static IClientBuilder ConfigureServices(
        this IClientBuilder builder, Action<IServiceCollection> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        configureDelegate(builder.Services);
        return builder;
    }

    /// <summary>Sets options in code.</summary>
    /// <typeparam name="TOptions">The options.</typeparam>
    /// <param name="builder">The client.</param>
    /// <param name="configureOptions">Sets them.</param>
    public static IClientBuilder Configure<TOptions>(this IClientBuilder builder, Action<TOptions> configureOptions)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure(configureOptions);
        return builder;
    }

    /// <summary>Sets options from configuration.</summary>
    /// <typeparam name="TOptions">The options.</typeparam>
    /// <param name="builder">The client.</param>
    /// <param name="configuration">The section that has them.</param>
    public static IClientBuilder Configure<TOptions>(this IClientBuilder builder, IConfiguration configuration)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<TOptions>(configuration);
        return builder;
    }
}
