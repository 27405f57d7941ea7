namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>The values that a JSON schema allows.</summary>
internal abstract record Schema;

/// <summary>Any JSON value.</summary>
internal sealed record AnySchema : Schema;

/// <summary>No value.</summary>
internal sealed record NeverSchema : Schema;

/// <summary>The values that another element of the schema allows.</summary>
/// <param name="Pointer">The element, as <see cref="JsonPointer"/> reads it.</param>
/// <param name="Path">Path of the reference, for errors.</param>
internal sealed record ReferenceSchema(string Pointer, string Path) : Schema;

/// <summary>The values that any of the options allows.</summary>
internal sealed record UnionSchema(IReadOnlyList<Schema> Options) : Schema;

/// <summary>Single values, as JSON text.</summary>
internal sealed record LiteralSchema(IReadOnlyList<string> Values) : Schema;

/// <summary>Strings by their length in code points; without <paramref name="MaxLength"/> of any length.</summary>
internal sealed record StringSchema(int MinLength, int? MaxLength) : Schema;

/// <summary>Strings that match a regular expression.</summary>
internal sealed record PatternSchema(string Pattern, string Path) : Schema;

/// <summary>Strings of one of the <see cref="StringFormats"/>.</summary>
internal sealed record FormatSchema(string Format) : Schema;

/// <summary>Integers from a minimum to a maximum; null for any integer of up to 15 digits.</summary>
internal sealed record IntegerSchema((long Min, long Max)? Range) : Schema;

/// <summary>Numbers; null for any.</summary>
internal sealed record NumberSchema(NumberRange? Range) : Schema;

/// <summary>Numbers between two integers, each of them included or excluded.</summary>
internal readonly record struct NumberRange(long Min, bool MinExcluded, long Max, bool MaxExcluded)
{
    /// <summary>
    /// Maximum magnitude of a bound. With <see cref="NumberRules.FractionDigits"/> digits after the decimal point, a number
    /// below such a bound stays below it when it is rounded to a double.
    /// </summary>
    public const long MaxBound = 999_999_999;

    public bool IsEmpty => Min > Max || (Min == Max && (MinExcluded || MaxExcluded));
}

/// <summary>Arrays.</summary>
/// <param name="Prefix">Schemas of the first items.</param>
/// <param name="Items">Schema of all items after them.</param>
/// <param name="MinItems">Minimum number of items.</param>
/// <param name="MaxItems">Maximum number of items; null without limit.</param>
internal sealed record ArraySchema(IReadOnlyList<Schema> Prefix, Schema Items, int MinItems, int? MaxItems) : Schema;

/// <summary>Objects.</summary>
/// <param name="Properties">Declared properties, in the order in which texts write them.</param>
/// <param name="Additional">Schema of properties that are not declared; null when there must be none.</param>
internal sealed record ObjectSchema(IReadOnlyList<PropertySchema> Properties, Schema? Additional) : Schema;

/// <summary>A declared property of an object.</summary>
internal sealed record PropertySchema(string Name, Schema Value, bool Required);
