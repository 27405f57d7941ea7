using Orleans.Embedded.CodeGeneration;
using Orleans.Runtime;

namespace Orleans.Embedded.Manifest;

/// <summary>A grain interface and how references of it are made.</summary>
internal sealed record GrainInterface(
    Type Type, GrainInterfaceType Name, Func<ReferenceBinding, IdSpan, GrainReference> CreateProxy);

/// <summary>A grain class and the grain interfaces it implements.</summary>
internal sealed record GrainImplementation(Type GrainClass, Type[] Interfaces);
