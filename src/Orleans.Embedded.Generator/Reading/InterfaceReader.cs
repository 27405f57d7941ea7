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
        if (type.IsGenericType)
        {
            diagnostics.Add(DiagnosticModel.Create(Descriptors.Generic, type, type.Name));
        }

        var symbols = new List<IMethodSymbol>();
        CollectMethods(type, type, symbols, diagnostics);
        foreach (var parent in type.AllInterfaces)
        {
            cancellation.ThrowIfCancellationRequested();
            CollectMethods(parent, type, symbols, diagnostics);
        }

        var overloaded = new HashSet<string>(
            symbols.GroupBy(static method => method.Name).Where(static group => group.Count() > 1)
                .Select(static group => group.Key));
        var methods = symbols
            .Select(method => MethodReader.Read(method, overloaded.Contains(method.Name), Report(method)))
            .ToArray();

        var name = type.ToDisplayString(KnownTypes.Metadata);
        return new InterfaceModel(
            type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            GeneratedNames.For(name),
            KnownTypes.AttributeText(type, "Orleans.AliasAttribute") ?? name,
            new EquatableArray<MethodModel>(methods),
            new EquatableArray<DiagnosticModel>(diagnostics.ToArray()));

        // What an inherited interface of this compilation does wrong is reported where that interface is read.
        List<DiagnosticModel> Report(IMethodSymbol method)
        {
            return IsReportedHere(method.ContainingType, type) ? diagnostics : [];
        }
    }

    private static void CollectMethods(
        INamedTypeSymbol from, INamedTypeSymbol root, List<IMethodSymbol> methods, List<DiagnosticModel> diagnostics)
    {
        foreach (var member in from.GetMembers())
        {
            if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary, IsStatic: false } method)
            {
                methods.Add(method);
            }
            else if (member is IPropertySymbol { IsStatic: false } && IsReportedHere(from, root))
            {
                diagnostics.Add(DiagnosticModel.Create(Descriptors.Property, member, member.ToDisplayString()));
            }
        }
    }

    private static bool IsReportedHere(INamedTypeSymbol declaring, INamedTypeSymbol root)
    {
        return SymbolEqualityComparer.Default.Equals(declaring, root) || !KnownTypes.IsGrainInterface(declaring);
    }
}
