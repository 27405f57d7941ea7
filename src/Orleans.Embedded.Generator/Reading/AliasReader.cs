using System.Linq;
using Microsoft.CodeAnalysis;
using Orleans.Embedded.Generator.Diagnostics;
using Orleans.Embedded.Generator.Model;

namespace Orleans.Embedded.Generator.Reading;

/// <summary>Reads the names that things of the assembly have on the wire.</summary>
internal static class AliasReader
{
    /// <summary>The alias of a type, or of a method as one of its interface.</summary>
    public static AliasModel? Read(ISymbol symbol, AttributeData attribute)
    {
        if (attribute.ConstructorArguments.Select(static argument => argument.Value).FirstOrDefault()
            is not string alias)
        {
            return null;
        }

        var scope = symbol is IMethodSymbol ? symbol.ContainingType.ToDisplayString() + "." : string.Empty;
        return new AliasModel(
            scope + alias, DiagnosticModel.Create(Descriptors.DuplicateAlias, symbol, symbol.ToDisplayString(), alias));
    }
}
