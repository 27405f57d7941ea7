namespace BTTInferGrid.Front.StructuredOutput;

/// <summary>What a JSON schema allows, read and checked.</summary>
internal abstract record Schema;

/// <summary>Any JSON value.</summary>
internal sealed record AnySchema : Schema;

/// <summary>No value at all.</summary>
internal sealed record NeverSchema : Schema;

/// <summary>What another place of the schema allows.</summary>
/// <param name="Pointer">The place, as <see cref="SchemaPointers"/> writes it.</param>
/// <param name="Path">Where the reference stands, for error messages.</param>
internal sealed record ReferenceSchema(string Pointer, string Path) : Schema;

/// <summary>What any of the options allows.</summary>
internal sealed record UnionSchema(IReadOnlyList<Schema> Options) : Schema;

/// <summary>Some values, as JSON text.</summary>
internal sealed record LiteralSchema(IReadOnlyList<string> Values) : Schema;

/// <summary>Strings by their number of characters.</summary>
internal sealed record StringSchema(int MinLength, int? MaxLength) : Schema;

/// <summary>Strings that match a regular expression.</summary>
internal sealed record PatternSchema(string Pattern, string Path) : Schema;

/// <summary>Strings of a format out of <see cref="StringFormats"/>.</summary>
internal sealed record FormatSchema(string Format) : Schema;

/// <summary>Integers, both bounds inside; null for any integer of up to 15 digits.</summary>
internal sealed record IntegerSchema((long Least, long Most)? Range) : Schema;

/// <summary>Numbers; null for any.</summary>
internal sealed record NumberSchema(NumberRange? Range) : Schema;

/// <param name="Prefix">What the first items must be.</param>
/// <param name="Items">What all others must be.</param>
/// <param name="MinItems">Least number of items.</param>
/// <param name="MaxItems">Largest number of items; null without limit.</param>
internal sealed record ArraySchema(IReadOnlyList<Schema> Prefix, Schema Items, int MinItems, int? MaxItems) : Schema;

/// <param name="Properties">Declared properties, in the order in which they are written.</param>
/// <param name="Additional">What properties of other names must be; null when there are none.</param>
internal sealed record ObjectSchema(IReadOnlyList<PropertySchema> Properties, Schema? Additional) : Schema;

/// <summary>A declared property of an object.</summary>
internal sealed record PropertySchema(string Name, Schema Value, bool Required);
