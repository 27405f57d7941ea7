
namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>
/// Writes schemas as rules. References are expanded to a limited depth, so the grammar is not recursive and its texts nest
/// no deeper than JSON readers accept.
/// </summary>
internal sealed class SchemaWriter(GrammarRules rules, Func<ReferenceSchema, Schema> resolve)
{
    private const int MaxOpenReferences = 64;

    private static readonly UnionSchema AnyValue = new(
    [
        new StringSchema(0, null),
        new NumberSchema(null),
        new LiteralSchema(["true", "false", "null"]),
        new ArraySchema([], new AnySchema(), 0, null),
        new ObjectSchema([], new AnySchema()),
    ]);

    private readonly Dictionary<(string Pointer, int Nesting), string?> _written = [];
    private readonly HashSet<(string Pointer, int Nesting)> _open = [];
    private readonly string?[] _anyValue = new string?[JsonSchemaGrammar.MaxNesting + 1];

    /// <summary>The sequence of symbols that a value must match; null when the schema allows no value.</summary>
    /// <exception cref="SchemaException">A pattern is not supported, a reference is endless, or the grammar is too large.</exception>
    public string? Write(Schema schema) => Write(schema, 0);

    private string? Write(Schema schema, int nesting) => schema switch
    {
        AnySchema => _anyValue[nesting] ??= Write(AnyValue, nesting),
        NeverSchema => null,
        ReferenceSchema reference => Write(reference, nesting),
        UnionSchema union => Choice(union.Options.Select(option => Write(option, nesting))),
        LiteralSchema literal => rules.Choice(literal.Values.Select(GbnfText.Literal)),
        StringSchema(0, null) => JsonRules.Text(rules),
        StringSchema text => JsonRules.Quoted(rules.Repeated(JsonRules.Character(rules), text.MinLength, text.MaxLength)),
        PatternSchema pattern => JsonRules.Quoted(new PatternReader(rules, pattern.Pattern, pattern.Path).Read()),
        FormatSchema format => JsonRules.Quoted(rules.Named(StringFormats.Content(format.Format))),
        IntegerSchema { Range: null } => NumberRules.Integer(rules),
        IntegerSchema { Range: var (min, max) } => NumberRules.Integers(rules, min, max),
        NumberSchema { Range: null } => NumberRules.Number(rules),
        NumberSchema { Range: { } range } => NumberRules.Numbers(rules, range),
        ArraySchema or ObjectSchema when nesting == JsonSchemaGrammar.MaxNesting => null,
        ArraySchema array => Write(array, nesting + 1),
        ObjectSchema @object => Write(@object, nesting + 1),
        _ => throw new InvalidOperationException($"No grammar for {schema.GetType().Name}."),
    };

    private string? Choice(IEnumerable<string?> options)
    {
        var possible = options.OfType<string>().ToList();
        return possible.Count == 0 ? null : rules.Choice(possible);
    }

    private string? Write(ReferenceSchema reference, int nesting)
    {
        var key = (reference.Pointer, nesting);
        if (_written.TryGetValue(key, out var known))
        {
            return known;
        }

        if (!_open.Add(key) || _open.Count > MaxOpenReferences)
        {
            throw SchemaException.Invalid(
                reference.Path,
                $"'{reference.Path}' leads back to itself without an object or array between, or through more than"
                + $" {MaxOpenReferences} references. Replace it with the schema itself.");
        }

        var body = Write(resolve(reference), nesting);
        _open.Remove(key);
        return _written[key] = body is null ? null : rules.Named(body);
    }

    private string? Write(ArraySchema array, int inside)
    {
        var (comma, space) = (JsonRules.Comma(rules), JsonRules.Space(rules));
        var items = Write(array.Items, inside);

        // The first item has no comma before it, so it is written apart from the others.
        List<string?> first = array.Prefix.Count > 0 ? [.. array.Prefix.Select(item => Write(item, inside))] : [items];
        var (min, max) = (array.MinItems - first.Count, array.MaxItems - first.Count);
        var tail = items is null || max <= 0
            ? min > 0 ? null : ""
            : rules.Repeated($"{comma} {items}", Math.Max(0, min), max);
        for (var i = first.Count - 1; i >= 0; i--)
        {
            var required = i < array.MinItems;
            var current = first[i] is null || tail is null || i >= array.MaxItems ? null : $"{first[i]} {tail}".TrimEnd();
            tail = (current, required) switch
            {
                (null, true) => null,
                (null, false) => "",
                _ when i == 0 => required ? $"{current} {space}" : $"({current} {space})?",
                (_, true) => $"{comma} {current}",
                _ => rules.Named($"({comma} {current})?"),
            };
        }

        return tail is null ? null : rules.Named($"\"[\" {space} {tail} \"]\"");
    }

    private string? Write(ObjectSchema @object, int inside)
    {
        var (comma, colon, space) = (JsonRules.Comma(rules), JsonRules.Colon(rules), JsonRules.Space(rules));
        var members = new List<(string Text, bool Required)>();
        foreach (var property in @object.Properties)
        {
            if (Write(property.Value, inside) is { } value)
            {
                members.Add(($"{GbnfText.Literal(JsonText.Write(property.Name))} {colon} {value}", property.Required));
            }
            else if (property.Required)
            {
                return null;
            }
        }

        if (@object.Additional is { } additional && Write(additional, inside) is { } other)
        {
            var member = $"{UndeclaredNames.Write(rules, @object.Properties.Select(property => property.Name))} {colon} {other}";
            members.Add(($"{member} {rules.Repeated($"{comma} {member}", 0, null)}", false));
        }

        if (members.Count == 0)
        {
            return rules.Named($"\"{{\" {space} \"}}\"");
        }

        var (text, required) = Join(members, comma);
        return rules.Named($"\"{{\" {space} {(required ? $"{text} {space}" : $"({text} {space})?")} \"}}\"");
    }

    /// <summary>
    /// Members in their order, separated by commas: at least one of them, and all that are required. Halves are joined, so
    /// that the matcher's work at the end of a member grows only with the logarithm of their number.
    /// </summary>
    private (string Text, bool Required) Join(List<(string Text, bool Required)> members, string comma)
    {
        if (members is [var only])
        {
            return only;
        }

        var (left, leftRequired) = Join(members[..(members.Count / 2)], comma);
        var (right, rightRequired) = Join(members[(members.Count / 2)..], comma);
        if (leftRequired)
        {
            return (rightRequired ? $"{left} {comma} {right}" : $"{left} ({comma} {right})?", true);
        }

        if (rightRequired)
        {
            return ($"({left} {comma})? {right}", true);
        }

        right = rules.Named(right);
        return (rules.Choice([$"{left} ({comma} {right})?", right]), false);
    }
}
