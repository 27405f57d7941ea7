using System.Linq;
using Microsoft.CodeAnalysis;
using Orleans.Embedded.Generator.Model;

namespace Orleans.Embedded.Generator.Reading;

/// <summary>Reads a grain class.</summary>
internal static class ClassReader
{
    public static ClassModel? Read(INamedTypeSymbol type)
    {
        if (type.IsAbstract || type.IsGenericType)
        {
            return null;
        }

        var interfaces = type.AllInterfaces
            .Where(static parent => KnownTypes.IsGrainInterface(parent) && !parent.IsGenericType)
            .Select(static parent => parent.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat))
            .ToArray();
        return interfaces.Length == 0
            ? null
            : new ClassModel(
                type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), new EquatableArray<string>(interfaces));
    }
}
