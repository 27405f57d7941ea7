using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Orleans.Embedded.Generator.Diagnostics;
using Orleans.Embedded.Generator.Model;
using Orleans.Embedded.Generator.Writing;

namespace Orleans.Embedded.Generator.Reading;

/// <summary>Reads a grain interface with all it inherits.</summary>
internal static class InterfaceReader
{
    public static InterfaceModel? Read(INamedTypeSymbol type, CancellationToken cancellation)
    {
        if (!KnownTypes.IsGrainInterface(type))
        {
            return null;
        }

        var diagnostics = new List<DiagnosticModel>();
        var inherited = new List<DiagnosticModel>();
        if (type.IsGenericType)
        {
            diagnostics.Add(DiagnosticModel.Create(Descriptors.Generic, type, type.Name));
        }

        var isEdgeHosted = KnownTypes.HasAttribute(type, "Orleans.Embedded.Edge.EdgeHostedAttribute");
        if (isEdgeHosted && !type.AllInterfaces.Any(
            static parent => KnownTypes.Is(parent, "Orleans.IGrainWithStringKey")))
        {
            diagnostics.Add(DiagnosticModel.Create(Descriptors.EdgeKey, type, type.Name));
        }

        var symbols = new List<IMethodSymbol>();
        CollectMethods(type, symbols, diagnostics);
        foreach (var parent in type.AllInterfaces)
        {
            cancellation.ThrowIfCancellationRequested();
            CollectMethods(parent, symbols, DiagnosticsOf(parent));
        }

        var overloaded = new HashSet<string>(
            symbols.GroupBy(static method => method.Name).Where(static group => group.Count() > 1)
                .Select(static group => group.Key));
        var methods = symbols
            .Select(method => MethodReader.Read(
                method, overloaded.Contains(method.Name), DiagnosticsOf(method.ContainingType)))
            .ToArray();

        var name = type.ToDisplayString(KnownTypes.Metadata);
        return new InterfaceModel(
            type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            GeneratedNames.For(name),
            KnownTypes.AttributeText(type, "Orleans.AliasAttribute") ?? name,
            isEdgeHosted,
            new EquatableArray<MethodModel>(methods),
            new EquatableArray<DiagnosticModel>(diagnostics.ToArray()),
            diagnostics.Count == 0 && inherited.Count == 0);

        // What is wrong with an inherited grain interface is reported where that interface itself is read.
        List<DiagnosticModel> DiagnosticsOf(INamedTypeSymbol declaring)
        {
            return !SymbolEqualityComparer.Default.Equals(declaring, type) && KnownTypes.IsGrainInterface(declaring)
                ? inherited
                : diagnostics;
        }
    }

    private static void CollectMethods(
        INamedTypeSymbol from, List<IMethodSymbol> methods, List<DiagnosticModel> diagnostics)
    {
        foreach (var member in from.GetMembers())
        {
            if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary, IsStatic: false } method)
            {
                methods.Add(method);
            }
            else if (member is IPropertySymbol { IsStatic: false })
            {
                diagnostics.Add(DiagnosticModel.Create(Descriptors.Property, member, member.ToDisplayString()));
            }
        }
    }
}
