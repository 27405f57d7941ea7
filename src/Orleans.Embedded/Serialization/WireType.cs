using System.ComponentModel;

namespace Orleans.Embedded.Serialization;

/// <summary>How a value stands on the wire, so that a reader can skip one that it does not know.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum WireType : byte
{
    /// <summary>A number of 1 to 10 bytes, seven bits each, lowest first.</summary>
    Varint,

    /// <summary>Four bytes.</summary>
    Fixed32,

    /// <summary>Eight bytes.</summary>
    Fixed64,

    /// <summary>A length as varint, and as many bytes.</summary>
    Block,

    /// <summary>Nothing: the value is null.</summary>
    Null,
}
