namespace Orleans.Embedded.Serialization;

/// <summary>A type that a message may name, because values of it may stand where a base type is declared.</summary>
internal interface IObjectCodec
{
    Type Type { get; }

    /// <summary>The name on the wire: the alias, or else the full name of the type.</summary>
    string Name { get; }

    void WriteObject(WireWriter writer, object value);

    /// <summary>Reads the rest of a block.</summary>
    object ReadObject(ref WireReader block);

    object CopyObject(object value, CopyScope scope);
}
