using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Orleans.Embedded.Generator.Writing;

namespace Orleans.Embedded.Generator.Reading;

/// <summary>Finds the codec of a type, as an expression that makes it.</summary>
internal static class CodecReader
{
    private const string Codecs = GeneratedNames.Support + "Codecs.";
    private const string Immutable = "Orleans.ImmutableAttribute";

    private static readonly Dictionary<string, string> Simple = new()
    {
        ["bool"] = "Boolean",
        ["byte"] = "Byte",
        ["sbyte"] = "SByte",
        ["short"] = "Int16",
        ["ushort"] = "UInt16",
        ["char"] = "Char",
        ["int"] = "Int32",
        ["uint"] = "UInt32",
        ["long"] = "Int64",
        ["ulong"] = "UInt64",
        ["float"] = "Single",
        ["double"] = "Double",
        ["decimal"] = "Decimal",
        ["string"] = "String",
        ["global::System.Guid"] = "Guid",
        ["global::System.TimeSpan"] = "TimeSpan",
        ["global::System.DateTime"] = "DateTime",
        ["global::System.DateTimeOffset"] = "DateTimeOffset",
        ["global::System.DateOnly"] = "DateOnly",
        ["global::System.TimeOnly"] = "TimeOnly",
        ["global::System.Numerics.BigInteger"] = "BigInteger",
        ["global::System.Uri"] = "Uri",
        ["global::System.Exception"] = "Exception",
        ["global::Orleans.Runtime.GrainId"] = "GrainId",
        ["global::Orleans.Runtime.GrainType"] = "GrainType",
        ["global::Orleans.Runtime.SiloAddress"] = "SiloAddress",
        ["global::Orleans.Runtime.GrainReference"] = "GrainReference",
    };

    private static readonly Dictionary<string, string> Mutable = new()
    {
        ["byte[]"] = "ByteArray",
        ["global::System.Memory<byte>"] = "Bytes",
        ["global::System.ReadOnlyMemory<byte>"] = "ReadOnlyBytes",
        ["object"] = "Object",
    };

    /// <summary>The generic types, with whether values are immutable if their items are.</summary>
    private static readonly Dictionary<string, (string Factory, bool IsImmutable)> Generic = new()
    {
        ["System.Nullable<T>"] = ("Nullable", true),
        ["System.Collections.Generic.List<T>"] = ("List", false),
        ["System.Collections.Generic.HashSet<T>"] = ("HashSet", false),
        ["System.Collections.Generic.Dictionary<TKey, TValue>"] = ("Dictionary", false),
        ["System.Collections.Immutable.ImmutableArray<T>"] = ("ImmutableArray", true),
        ["System.Collections.Immutable.ImmutableList<T>"] = ("ImmutableList", true),
        ["System.Collections.Immutable.ImmutableDictionary<TKey, TValue>"] = ("ImmutableDictionary", true),
        ["Orleans.Concurrency.Immutable<T>"] = ("Immutable", true),
    };

    /// <summary>The codec of a value that is declared by a member, parameter or method; null if there is none.</summary>
    public static string? Find(ITypeSymbol type, IEnumerable<AttributeData> attributes)
    {
        var codec = Find(type);
        return codec is not null && IsMarked(attributes) ? $"{Codecs}Unchanged({codec})" : codec;
    }

    /// <summary>Whether a value that is declared by a member, parameter or method needs no copy.</summary>
    public static bool IsImmutable(ITypeSymbol type, IEnumerable<AttributeData> attributes)
    {
        return IsMarked(attributes) || IsImmutable(type);
    }

    /// <summary>Whether values of a type need no copy.</summary>
    public static bool IsImmutable(ITypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Enum
            || Simple.ContainsKey(NameOf(type))
            || KnownTypes.HasAttribute(type, Immutable)
            || KnownTypes.IsException(type)
            || KnownTypes.IsReference(type))
        {
            return true;
        }

        if (type is not INamedTypeSymbol named)
        {
            return false;
        }

        if (KnownTypes.Is(named, "Orleans.Concurrency.Immutable<T>"))
        {
            return true;
        }

        if (named.IsTupleType)
        {
            return named.TupleElements.All(static item => IsImmutable(item.Type));
        }

        if (Generic.TryGetValue(named.OriginalDefinition.ToDisplayString(KnownTypes.Metadata), out var generic))
        {
            return generic.IsImmutable && named.TypeArguments.All(IsImmutable);
        }

        return KnownTypes.IsSerializable(named)
            && named is { TypeKind: TypeKind.Struct, IsReadOnly: true }
            && named.GetMembers().OfType<IFieldSymbol>()
                .All(static field => field.IsStatic || IsImmutable(field.Type));
    }

    /// <summary>The class of the codec that is generated for a type.</summary>
    public static string GeneratedFor(INamedTypeSymbol type)
    {
        var scope = GeneratedNames.NamespaceOf(type.ContainingAssembly.Name);
        return $"global::{scope}.{GeneratedNames.CodecOf(type.ToDisplayString(KnownTypes.Metadata))}";
    }

    private static string? Find(ITypeSymbol type)
    {
        var name = NameOf(type);
        if (Simple.TryGetValue(name, out var simple) || Mutable.TryGetValue(name, out simple))
        {
            return Codecs + simple;
        }

        if (type is IArrayTypeSymbol { Rank: 1 } array)
        {
            return Find(array.ElementType) is { } item ? $"{Codecs}Array({item})" : null;
        }

        if (type is not INamedTypeSymbol named)
        {
            return null;
        }

        if (named.TypeKind == TypeKind.Enum)
        {
            return $"{Codecs}Enum<{name}>()";
        }

        if (KnownTypes.IsReference(named))
        {
            return $"{Codecs}Reference<{name}>()";
        }

        if (named.IsTupleType)
        {
            return named.TupleElements.Length <= 7
                ? Compose("Tuple", named.TupleElements.Select(static item => item.Type))
                : null;
        }

        if (Generic.TryGetValue(named.OriginalDefinition.ToDisplayString(KnownTypes.Metadata), out var generic))
        {
            return Compose(generic.Factory, named.TypeArguments);
        }

        return KnownTypes.IsSerializable(named) && !named.IsGenericType
            ? GeneratedFor(named) + ".Instance"
            : null;
    }

    private static string? Compose(string factory, IEnumerable<ITypeSymbol> types)
    {
        var items = types.Select(Find).ToArray();
        return items.Contains(null) ? null : $"{Codecs}{factory}({string.Join(", ", items)})";
    }

    private static bool IsMarked(IEnumerable<AttributeData> attributes)
    {
        return attributes.Any(static item => item.AttributeClass is { } type && KnownTypes.Is(type, Immutable));
    }

    private static string NameOf(ITypeSymbol type)
    {
        return type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
    }
}
