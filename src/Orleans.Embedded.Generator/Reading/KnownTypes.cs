using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Orleans.Embedded.Generator.Reading;

/// <summary>Recognises the runtime's types and attributes by name.</summary>
internal static class KnownTypes
{
    public const string RuntimeAssembly = "Orleans.Embedded";

    public const string SerializableAttribute = "Orleans.GenerateSerializerAttribute";

    public static readonly SymbolDisplayFormat Metadata = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters);

    public static bool IsGrainInterface(INamedTypeSymbol type)
    {
        // IGrain and its kin are what grain interfaces derive from; in the runtime they have a namespace of their own.
        if (type.TypeKind != TypeKind.Interface || (type.ContainingAssembly?.Name == RuntimeAssembly
            && type.ContainingNamespace.ToDisplayString() == "Orleans"))
        {
            return false;
        }

        foreach (var parent in type.AllInterfaces)
        {
            if (Is(parent, "Orleans.Runtime.IAddressable"))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether values of a type are references to grains.</summary>
    public static bool IsReference(ITypeSymbol type)
    {
        return type is INamedTypeSymbol { IsGenericType: false } named
            && (IsGrainInterface(named) || Is(named, "Orleans.Runtime.IAddressable") || Is(named, "Orleans.IGrain"));
    }

    /// <summary>Whether a codec is generated for a type.</summary>
    public static bool IsSerializable(INamedTypeSymbol type)
    {
        return HasAttribute(type, SerializableAttribute) && type.TypeKind is TypeKind.Class or TypeKind.Struct;
    }

    public static bool IsException(ITypeSymbol type)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (Is(current, "System.Exception"))
            {
                return true;
            }
        }

        return false;
    }

    public static bool Is(ITypeSymbol type, string name)
    {
        return type.OriginalDefinition.ToDisplayString(Metadata) == name;
    }

    public static AttributeData? FindAttribute(ISymbol symbol, string name)
    {
        foreach (var attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass is { } type && Is(type, name))
            {
                return attribute;
            }
        }

        return null;
    }

    public static bool HasAttribute(ISymbol symbol, string name)
    {
        return FindAttribute(symbol, name) is not null;
    }

    public static string? AttributeText(ISymbol symbol, string name)
    {
        var arguments = FindAttribute(symbol, name)?.ConstructorArguments ?? ImmutableArray<TypedConstant>.Empty;
        return arguments.IsEmpty ? null : arguments[0].Value as string;
    }
}
