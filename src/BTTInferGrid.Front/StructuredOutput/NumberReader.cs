using System.Text.Json;
using BTTInferGrid.Front.Errors;

namespace BTTInferGrid.Front.StructuredOutput;

/// <summary>Reads schemas of integers and numbers.</summary>
internal static class NumberReader
{
    // What every client holds exactly, JavaScript's included.
    private const long LargestInteger = (1L << 53) - 1;

    // Beyond all that a grammar here writes, and far from overflow.
    private const decimal Beyond = 1e20m;

    private static readonly string[] Bounds = ["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"];

    /// <exception cref="ApiException">A bound is wrong, or no integer is between them.</exception>
    public static IntegerSchema ReadInteger(SchemaPart part)
    {
        if (!Bounds.Any(part.Has))
        {
            return new IntegerSchema(null);
        }

        var least = Math.Max(
            decimal.Ceiling(Bound(part, "minimum") ?? -Beyond), decimal.Floor(Bound(part, "exclusiveMinimum") ?? -Beyond) + 1);
        var most = Math.Min(
            decimal.Floor(Bound(part, "maximum") ?? Beyond), decimal.Ceiling(Bound(part, "exclusiveMaximum") ?? Beyond) - 1);
        (least, most) = (Math.Max(least, -LargestInteger), Math.Min(most, LargestInteger));
        return least <= most
            ? new IntegerSchema(((long)least, (long)most))
            : throw Empty(part, $"integer from -{LargestInteger} to {LargestInteger}");
    }

    /// <exception cref="ApiException">A bound is wrong or not a whole number, or no number is between them.</exception>
    public static NumberSchema ReadNumber(SchemaPart part)
    {
        if (!Bounds.Any(part.Has))
        {
            return new NumberSchema(null);
        }

        var (least, above) = (Whole(part, "minimum"), Whole(part, "exclusiveMinimum"));
        var (most, below) = (Whole(part, "maximum"), Whole(part, "exclusiveMaximum"));
        var range = new NumberRange(
            Math.Max(least ?? -NumberRange.Largest, above ?? -NumberRange.Largest),
            above >= (least ?? above),
            Math.Min(most ?? NumberRange.Largest, below ?? NumberRange.Largest),
            below <= (most ?? below));
        return range.IsEmpty ? throw Empty(part, "number") : new NumberSchema(range);
    }

    private static long? Whole(SchemaPart part, string keyword) => Bound(part, keyword) switch
    {
        null => null,
        { } bound when decimal.IsInteger(bound) && Math.Abs(bound) <= NumberRange.Largest => (long)bound,
        { } => throw SchemaKeywords.Unsupported(
            part.PathOf(keyword),
            $"is not supported for numbers unless it is whole and from -{NumberRange.Largest} to {NumberRange.Largest}; leave it out"),
    };

    private static decimal? Bound(SchemaPart part, string keyword) => part.Fields.Find(keyword) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number => number.TryGetDecimal(out var exact)
            ? Math.Clamp(exact, -Beyond, Beyond)
            : Math.Sign(number.GetDouble()) * Beyond,
        { } other => throw part.Fields.WrongType(keyword, "a number", other),
    };

    private static ApiException Empty(SchemaPart part, string kind)
    {
        var path = part.PathOf(Bounds.First(part.Has));
        return ApiException.InvalidRequest(
            path, $"'{path}' and the other bounds leave no {kind}.", "invalid_value");
    }
}
