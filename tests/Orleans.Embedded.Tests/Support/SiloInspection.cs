using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.Activations;
using Orleans.Embedded.Streaming;
using Orleans.TestingHost;

namespace Orleans.Embedded.Tests.Support;

/// <summary>Looks into a silo.</summary>
internal static class SiloInspection
{
    public static bool Hosts(this InProcessSiloHandle silo, GrainId grain)
    {
        return silo.ServiceProvider.GetRequiredService<ActivationRegistry>().TryGet(grain, out _);
    }

    /// <summary>Whether the consumer of the silo's one enumeration asked for an item at a time, and waits.</summary>
    public static bool HasConsumerThatAskedAt(this InProcessSiloHandle silo, long timestamp)
    {
        var producer = Assert.Single(silo.ServiceProvider.GetRequiredService<StreamSweep>().Producers);
        return producer.IsAsked && producer.LastUse == timestamp;
    }
}
