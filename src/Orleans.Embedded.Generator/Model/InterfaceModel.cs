using Orleans.Embedded.Generator.Diagnostics;

namespace Orleans.Embedded.Generator.Model;

/// <summary>A grain interface, as the writers need it.</summary>
internal sealed record InterfaceModel(
    string TypeName,
    string GeneratedName,
    string Name,
    bool IsEdgeHosted,
    EquatableArray<MethodModel> Methods,
    EquatableArray<DiagnosticModel> Diagnostics,
    bool IsValid);

/// <summary>A grain interface method.</summary>
internal sealed record MethodModel(
    string DeclaringType,
    string Name,
    string WireName,
    ReturnKind ReturnKind,
    string ReturnType,
    string? ResultType,
    string? ResultCodec,
    EquatableArray<ValueModel> Parameters,
    int CancellationTokenIndex,
    string Options,
    string? ResponseTimeout);

/// <summary>What a grain interface method returns.</summary>
internal enum ReturnKind
{
    /// <summary>Nothing: the request gets no answer.</summary>
    Void,

    /// <summary>A task without a value.</summary>
    Task,

    /// <summary>A task with a value.</summary>
    TaskOfT,

    /// <summary>A value task without a value.</summary>
    ValueTask,

    /// <summary>A value task with a value.</summary>
    ValueTaskOfT,

    /// <summary>A sequence of items.</summary>
    AsyncEnumerable,
}

/// <summary>A grain class and the grain interfaces it implements.</summary>
internal sealed record ClassModel(string TypeName, EquatableArray<string> Interfaces);

/// <summary>The assembly that is compiled and those it references that have grains.</summary>
internal sealed record AssemblyModel(string Name, EquatableArray<string> GrainAssemblies);
