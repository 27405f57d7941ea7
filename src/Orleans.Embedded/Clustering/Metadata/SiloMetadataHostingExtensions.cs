using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.Clustering;
using Orleans.Hosting;

namespace Orleans.Runtime.MembershipService.SiloMetadata;

/// <summary>Lets a silo say something of itself that the whole cluster sees, before it becomes active.</summary>
public static class SiloMetadataHostingExtensions
{
    /// <summary>Takes the values from the section <c>Orleans:Metadata</c> of the host's configuration.</summary>
    /// <param name="builder">The silo.</param>
    public static ISiloBuilder UseSiloMetadata(this ISiloBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseSiloMetadata(builder.Configuration);
    }

    /// <summary>Takes the values from the section <c>Orleans:Metadata</c>.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configuration">The configuration that has the section.</param>
    public static ISiloBuilder UseSiloMetadata(this ISiloBuilder builder, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return builder.UseSiloMetadata(configuration.GetSection("Orleans:Metadata"));
    }

    /// <summary>Takes the values from a section.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configurationSection">The section, whose keys are the names.</param>
    public static ISiloBuilder UseSiloMetadata(
        this ISiloBuilder builder, IConfigurationSection configurationSection)
    {
        ArgumentNullException.ThrowIfNull(configurationSection);
        return builder.UseSiloMetadata(configurationSection.GetChildren()
            .Where(static one => one.Value is not null)
            .ToDictionary(static one => one.Key, static one => one.Value!));
    }

    /// <summary>Adds values.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="metadata">The values by name.</param>
    public static ISiloBuilder UseSiloMetadata(this ISiloBuilder builder, Dictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return builder.Configure<SiloMetadataOptions>(options => options.Add(metadata));
    }
}
