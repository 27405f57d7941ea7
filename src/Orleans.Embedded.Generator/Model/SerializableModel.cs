using Orleans.Embedded.Generator.Diagnostics;

namespace Orleans.Embedded.Generator.Model;

/// <summary>A type whose values cross between silos, as the writers need it.</summary>
internal sealed record SerializableModel(
    string TypeName,
    string GeneratedName,
    string WireName,
    SerializableKind Kind,
    bool IsPublic,
    bool IsImmutable,
    string? Construction,
    string? BaseType,
    string? BaseCodec,
    EquatableArray<MemberModel> Members,
    EquatableArray<DiagnosticModel> Diagnostics);

/// <summary>A member that crosses.</summary>
/// <param name="Id">Its id.</param>
/// <param name="TypeName">Its type.</param>
/// <param name="Codec">An expression that makes the codec of its type.</param>
/// <param name="Property">The property that it is read and written by, or null.</param>
/// <param name="Field">The field that it is read and written by, or null.</param>
internal sealed record MemberModel(uint Id, string TypeName, string Codec, string? Property, string? Field);

/// <summary>What a serialised type is.</summary>
internal enum SerializableKind
{
    /// <summary>A class.</summary>
    Class,

    /// <summary>A structure.</summary>
    Struct,

    /// <summary>An exception.</summary>
    Exception,
}

/// <summary>A value in a request or answer: its type, and how it crosses.</summary>
/// <param name="TypeName">Its type.</param>
/// <param name="Codec">An expression that makes the codec of its type; null for what does not cross.</param>
/// <param name="IsImmutable">Whether it needs no copy.</param>
internal sealed record ValueModel(string TypeName, string? Codec, bool IsImmutable);

/// <summary>A name on the wire, and what is reported if it is not the only one.</summary>
internal sealed record AliasModel(string Alias, DiagnosticModel Clash);
