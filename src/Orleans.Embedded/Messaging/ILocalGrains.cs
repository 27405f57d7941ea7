using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;

namespace Orleans.Embedded.Messaging;

/// <summary>What takes the requests to a grain on this silo: its activation, or the connection of its edge silo.</summary>
internal interface IRequestTarget
{
    void Receive(Message request);

    /// <summary>The caller of a request gave up.</summary>
    void Cancel(SiloAddress sender, long id);
}

/// <summary>The grains of this silo, as messages reach them.</summary>
internal interface ILocalGrains
{
    /// <summary>Whether the silo stops and makes no new activations.</summary>
    bool IsStopping { get; }

    bool TryGet(GrainId grainId, [NotNullWhen(true)] out IRequestTarget? target);

    /// <summary>Finds or makes what takes the requests; false when this silo does not.</summary>
    bool TryGetOrCreate(GrainId grainId, [NotNullWhen(true)] out IRequestTarget? target);

    /// <summary>Another silo registered the grain: if it is here, the directory tells whether it still should be.</summary>
    void OnSuperseded(GrainId grainId);
}
