using System.Text.Json;

namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>Reads schemas of integers and numbers.</summary>
internal static class NumberReader
{
    // The largest integer that every client represents exactly, including JavaScript.
    private const long MaxInteger = (1L << 53) - 1;

    // Above every number that a grammar writes, and far from overflow.
    private const decimal Unbounded = 1e20m;

    private static readonly string[] Bounds = ["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"];

    /// <exception cref="SchemaException">A bound is invalid, or no integer satisfies the bounds.</exception>
    public static IntegerSchema ReadInteger(SchemaPart part)
    {
        if (!Bounds.Any(part.Has))
        {
            return new IntegerSchema(null);
        }

        var min = Math.Max(
            decimal.Ceiling(Bound(part, "minimum") ?? -Unbounded), decimal.Floor(Bound(part, "exclusiveMinimum") ?? -Unbounded) + 1);
        var max = Math.Min(
            decimal.Floor(Bound(part, "maximum") ?? Unbounded), decimal.Ceiling(Bound(part, "exclusiveMaximum") ?? Unbounded) - 1);
        (min, max) = (Math.Max(min, -MaxInteger), Math.Min(max, MaxInteger));
        return min <= max
            ? new IntegerSchema(((long)min, (long)max))
            : throw Empty(part, $"integer from -{MaxInteger} to {MaxInteger}");
    }

    /// <exception cref="SchemaException">A bound is invalid or not a whole number, or no number satisfies the bounds.</exception>
    public static NumberSchema ReadNumber(SchemaPart part)
    {
        if (!Bounds.Any(part.Has))
        {
            return new NumberSchema(null);
        }

        var (min, above) = (Whole(part, "minimum"), Whole(part, "exclusiveMinimum"));
        var (max, below) = (Whole(part, "maximum"), Whole(part, "exclusiveMaximum"));
        var range = new NumberRange(
            Math.Max(min ?? -NumberRange.MaxBound, above ?? -NumberRange.MaxBound),
            above >= (min ?? above),
            Math.Min(max ?? NumberRange.MaxBound, below ?? NumberRange.MaxBound),
            below <= (max ?? below));
        return range.IsEmpty ? throw Empty(part, "number") : new NumberSchema(range);
    }

    private static long? Whole(SchemaPart part, string keyword) => Bound(part, keyword) switch
    {
        null => null,
        { } bound when decimal.IsInteger(bound) && Math.Abs(bound) <= NumberRange.MaxBound => (long)bound,
        { } => throw SchemaException.Unsupported(
            part.PathOf(keyword),
            $"is not supported for numbers unless it is whole and from -{NumberRange.MaxBound} to {NumberRange.MaxBound}; leave it out"),
    };

    private static decimal? Bound(SchemaPart part, string keyword) => part.Find(keyword) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number => number.TryGetDecimal(out var exact)
            ? Math.Clamp(exact, -Unbounded, Unbounded)
            : Math.Sign(number.GetDouble()) * Unbounded,
        { } other => throw part.WrongType(keyword, "a number", other),
    };

    private static SchemaException Empty(SchemaPart part, string kind)
    {
        var path = part.PathOf(Bounds.First(part.Has));
        return SchemaException.Invalid(path, $"'{path}' and the other bounds leave no {kind}.");
    }
}
