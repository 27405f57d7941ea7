using Microsoft.CodeAnalysis;

namespace Orleans.Embedded.Generator.Diagnostics;

/// <summary>
/// The mistakes in grain interfaces and serialised types that fail the build, under the ids that Microsoft Orleans
/// gives them.
/// </summary>
internal static class Descriptors
{
    private const string Category = "Usage";

    public static readonly DiagnosticDescriptor ReferenceParameter = Error(
        "ORLEANS0002",
        "Grain interface methods take their parameters by value",
        "Parameter '{0}' of '{1}' is passed by reference; a request carries values only");

    public static readonly DiagnosticDescriptor MissingId = Error(
        "ORLEANS0004",
        "Members of serialised types have an [Id]",
        "'{0}' has no [Id]; give it one that no other member of the type has or had, or mark its field with "
        + "[NonSerialized]");

    public static readonly DiagnosticDescriptor DuplicateAlias = Error(
        "ORLEANS0011",
        "An [Alias] names one thing",
        "'{0}' has the alias '{1}', which something else has too");

    public static readonly DiagnosticDescriptor DuplicateId = Error(
        "ORLEANS0012",
        "An [Id] numbers one member of a type",
        "'{0}' has the id {1}, which another member of the type has too");

    public static readonly DiagnosticDescriptor Property = Error(
        "ORLEANS0008",
        "Grain interfaces have no properties",
        "Grain interface member '{0}' is a property; make it a method that returns a task");

    public static readonly DiagnosticDescriptor ReturnType = Error(
        "ORLEANS0009",
        "Grain interface methods are asynchronous",
        "Grain interface method '{0}' returns '{1}'; it must return Task, Task<T>, ValueTask, ValueTask<T>, "
        + "IAsyncEnumerable<T> or void");

    public static readonly DiagnosticDescriptor CancellationTokens = Error(
        "ORLEANS0109",
        "Grain interface methods take at most one cancellation token",
        "Grain interface method '{0}' takes more than one CancellationToken");

    public static readonly DiagnosticDescriptor Generic = Error(
        "GRAIN0001",
        "Grain interfaces, their methods and serialised types are not generic",
        "'{0}' is generic, which the embedded grain runtime does not support");

    public static readonly DiagnosticDescriptor NoCodec = Error(
        "GRAIN0002",
        "What crosses between silos has a codec",
        "'{0}' is of type '{1}', which cannot cross between silos; mark that type with [GenerateSerializer] or use "
        + "another");

    public static readonly DiagnosticDescriptor NotAccessible = Error(
        "GRAIN0003",
        "Serialised types are visible in their assembly",
        "'{0}' is private, so no codec can be written for it; make it internal");

    public static readonly DiagnosticDescriptor EdgeKey = Error(
        "GRAIN0004",
        "Grains of edge silos have string keys",
        "'{0}' is [EdgeHosted] and must be an IGrainWithStringKey: the key is the identity of the edge silo");

    private static DiagnosticDescriptor Error(string id, string title, string message)
    {
        return new DiagnosticDescriptor(
            id, title, message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true);
    }
}
