namespace BTTInferGrid.Inference;

/// <summary>The type of a metadata value, numbered as in the file.</summary>
public enum GgufValueType
{
    /// <summary>8 bits without sign.</summary>
    U8 = 0,

    /// <summary>8 bits with sign.</summary>
    I8 = 1,

    /// <summary>16 bits without sign.</summary>
    U16 = 2,

    /// <summary>16 bits with sign.</summary>
    I16 = 3,

    /// <summary>32 bits without sign.</summary>
    U32 = 4,

    /// <summary>32 bits with sign.</summary>
    I32 = 5,

    /// <summary>32-bit floating point.</summary>
    F32 = 6,

    /// <summary>One byte, 0 or 1.</summary>
    Bool = 7,

    /// <summary>A 64-bit length, then that many bytes of UTF-8.</summary>
    Text = 8,

    /// <summary>Element type, 64-bit count, then the elements.</summary>
    List = 9,

    /// <summary>64 bits without sign.</summary>
    U64 = 10,

    /// <summary>64 bits with sign.</summary>
    I64 = 11,

    /// <summary>64-bit floating point.</summary>
    F64 = 12,
}
