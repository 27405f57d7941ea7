using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Orleans.Embedded.Generator.Model;

namespace Orleans.Embedded.Generator.Diagnostics;

/// <summary>A diagnostic without references to the compilation, so that models stay comparable.</summary>
internal sealed record DiagnosticModel(
    DiagnosticDescriptor Descriptor,
    string? FilePath,
    TextSpan Span,
    LinePositionSpan Lines,
    EquatableArray<string> Arguments)
{
    public static DiagnosticModel Create(DiagnosticDescriptor descriptor, ISymbol at, params string[] arguments)
    {
        var location = at.Locations.Length > 0 ? at.Locations[0] : Location.None;
        return new DiagnosticModel(
            descriptor, location.SourceTree?.FilePath, location.SourceSpan, location.GetLineSpan().Span,
            new EquatableArray<string>(arguments));
    }

    public Diagnostic ToDiagnostic()
    {
        var location = FilePath is null ? Location.None : Location.Create(FilePath, Span, Lines);
        var arguments = new object[Arguments.Count];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = Arguments[i];
        }

        return Diagnostic.Create(Descriptor, location, arguments);
    }
}
