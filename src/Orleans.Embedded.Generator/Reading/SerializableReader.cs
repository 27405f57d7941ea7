using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Orleans.Embedded.Generator.Diagnostics;
using Orleans.Embedded.Generator.Model;
using Orleans.Embedded.Generator.Writing;

namespace Orleans.Embedded.Generator.Reading;

/// <summary>Reads a type that is marked to cross between silos.</summary>
internal static class SerializableReader
{
    private const string IdAttribute = "Orleans.IdAttribute";

    /// <summary>The type, or null for an enumeration, which crosses by its numbers.</summary>
    public static SerializableModel? Read(INamedTypeSymbol type)
    {
        if (!KnownTypes.IsSerializable(type))
        {
            return null;
        }

        var diagnostics = new List<DiagnosticModel>();
        if (type.IsGenericType)
        {
            diagnostics.Add(DiagnosticModel.Create(Descriptors.Generic, type, type.ToDisplayString()));
        }

        var visibility = VisibilityOf(type);
        if (visibility == Accessibility.Private)
        {
            diagnostics.Add(DiagnosticModel.Create(Descriptors.NotAccessible, type, type.ToDisplayString()));
        }

        var members = ReadMembers(type, diagnostics);
        var name = type.ToDisplayString(KnownTypes.Metadata);
        var serializableBase = BasesOf(type).FirstOrDefault(KnownTypes.IsSerializable);
        return new SerializableModel(
            type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            GeneratedNames.CodecOf(name),
            KnownTypes.AttributeText(type, "Orleans.AliasAttribute") ?? name,
            type.TypeKind == TypeKind.Struct ? SerializableKind.Struct
                : KnownTypes.IsException(type) ? SerializableKind.Exception : SerializableKind.Class,
            visibility == Accessibility.Public,
            CodecReader.IsImmutable(type),
            ConstructionOf(type),
            serializableBase?.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            serializableBase is null ? null : CodecReader.GeneratedFor(serializableBase) + ".Instance",
            new EquatableArray<MemberModel>(members),
            new EquatableArray<DiagnosticModel>(diagnostics.ToArray()));
    }

    private static MemberModel[] ReadMembers(INamedTypeSymbol type, List<DiagnosticModel> diagnostics)
    {
        var members = new List<MemberModel>();
        var ids = new HashSet<uint>();
        foreach (var (symbol, field) in MembersOf(type))
        {
            if (IdOf(symbol, type) is not { } id)
            {
                diagnostics.Add(DiagnosticModel.Create(Descriptors.MissingId, symbol, symbol.ToDisplayString()));
                continue;
            }

            if (!ids.Add(id))
            {
                diagnostics.Add(DiagnosticModel.Create(
                    Descriptors.DuplicateId, symbol, symbol.ToDisplayString(), id.ToString()));
            }

            var memberType = symbol is IPropertySymbol property ? property.Type : ((IFieldSymbol)symbol).Type;
            if (CodecReader.Find(memberType, symbol.GetAttributes()) is { } codec)
            {
                members.Add(new MemberModel(
                    id, memberType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), codec,
                    field is null ? symbol.Name : null, field?.MetadataName));
            }
            else
            {
                diagnostics.Add(DiagnosticModel.Create(
                    Descriptors.NoCodec, symbol, symbol.ToDisplayString(), memberType.ToDisplayString()));
            }
        }

        return members.OrderBy(static member => member.Id).ToArray();
    }

    /// <summary>
    /// What a type stores, as members with their fields, and the properties with an id that store nothing themselves.
    /// </summary>
    private static IEnumerable<(ISymbol Member, IFieldSymbol? Field)> MembersOf(INamedTypeSymbol type)
    {
        var stored = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var field in type.GetMembers().OfType<IFieldSymbol>())
        {
            var member = field.AssociatedSymbol ?? field;
            if (field.IsStatic || field.IsConst || member is IEventSymbol
                || (member is IFieldSymbol && field.IsImplicitlyDeclared)
                || KnownTypes.HasAttribute(field, "System.NonSerializedAttribute"))
            {
                continue;
            }

            stored.Add(member);
            yield return (member, field);
        }

        foreach (var property in type.GetMembers().OfType<IPropertySymbol>())
        {
            if (!property.IsStatic && !stored.Contains(property) && KnownTypes.HasAttribute(property, IdAttribute))
            {
                yield return (property, null);
            }
        }
    }

    /// <summary>The id of a member: what it says, or its position among the parameters of its record.</summary>
    private static uint? IdOf(ISymbol member, INamedTypeSymbol type)
    {
        if (KnownTypes.FindAttribute(member, IdAttribute)?.ConstructorArguments.FirstOrDefault().Value is uint id)
        {
            return id;
        }

        var position = type.InstanceConstructors
            .FirstOrDefault(static constructor => constructor.DeclaringSyntaxReferences.Any(
                static part => part.GetSyntax() is RecordDeclarationSyntax))
            ?.Parameters.FirstOrDefault(parameter => parameter.Name == member.Name)?.Ordinal;
        return position is { } ordinal && member is IPropertySymbol ? (uint)ordinal : null;
    }

    /// <summary>How an object is made; null for abstract classes and structures.</summary>
    private static string? ConstructionOf(INamedTypeSymbol type)
    {
        if (type.IsAbstract || type.TypeKind == TypeKind.Struct)
        {
            return null;
        }

        var name = type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        var isPlain = type.InstanceConstructors.Any(static constructor => constructor.Parameters.IsEmpty
                && constructor.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal
                    or Accessibility.ProtectedOrInternal)
            && !BasesOf(type).Prepend(type).SelectMany(static part => part.GetMembers()).Any(
                static member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true });
        return isPlain
            ? $"new {name}()"
            : $"({name})global::System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(typeof({name}))";
    }

    private static IEnumerable<INamedTypeSymbol> BasesOf(INamedTypeSymbol type)
    {
        for (var current = type.BaseType; current is not null; current = current.BaseType)
        {
            yield return current;
        }
    }

    /// <summary>How far a type can be seen: everywhere, in its assembly, or not even there.</summary>
    private static Accessibility VisibilityOf(INamedTypeSymbol type)
    {
        var result = Accessibility.Public;
        for (var current = type; current is not null; current = current.ContainingType)
        {
            switch (current.DeclaredAccessibility)
            {
                case Accessibility.Public:
                    break;
                case Accessibility.Internal or Accessibility.ProtectedOrInternal:
                    result = Accessibility.Internal;
                    break;
                default:
                    return Accessibility.Private;
            }
        }

        return result;
    }
}
