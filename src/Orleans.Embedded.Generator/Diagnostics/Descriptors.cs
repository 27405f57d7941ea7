using Microsoft.CodeAnalysis;

namespace Orleans.Embedded.Generator.Diagnostics;

/// <summary>
/// The mistakes in grain interfaces that fail the build, under the ids that Microsoft Orleans gives them.
/// </summary>
internal static class Descriptors
{
    private const string Category = "Usage";

    public static readonly DiagnosticDescriptor ReferenceParameter = Error(
        "ORLEANS0002",
        "Grain interface methods take their parameters by value",
        "Parameter '{0}' of '{1}' is passed by reference; a request carries values only");

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
        "Grain interfaces and their methods are not generic",
        "'{0}' is generic, which the embedded grain runtime does not support");

    private static DiagnosticDescriptor Error(string id, string title, string message)
    {
        return new DiagnosticDescriptor(
            id, title, message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true);
    }
}
