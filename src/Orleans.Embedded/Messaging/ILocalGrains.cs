using System.Diagnostics.CodeAnalysis;
using Orleans.Embedded.Activations;
using Orleans.Runtime;

namespace Orleans.Embedded.Messaging;

/// <summary>The activations of this silo, as messages reach them.</summary>
internal interface ILocalGrains
{
    /// <summary>Whether the silo stops and makes no new activations.</summary>
    bool IsStopping { get; }

    bool TryGet(GrainId grainId, [NotNullWhen(true)] out Activation? activation);

    /// <summary>Finds or makes the activation; false when the silo stops and makes no new ones.</summary>
    bool TryGetOrCreate(GrainId grainId, [NotNullWhen(true)] out Activation? activation);
}
