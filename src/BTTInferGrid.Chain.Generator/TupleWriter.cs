namespace BTTInferGrid.Chain.Generator;

/// <summary>Writes the record that stands for a tuple, and its codec.</summary>
internal static class TupleWriter
{
    /// <param name="code">Where to.</param>
    /// <param name="access">public or internal.</param>
    /// <param name="name">The record's name.</param>
    /// <param name="members">The tuple's members.</param>
    /// <param name="extra">Writes what else the record has.</param>
    /// <param name="baseType">What the record is one of.</param>
    public static void Write(
        CodeText code, string access, string name, IReadOnlyList<AbiParameter> members, Action? extra = null, string? baseType = null)
    {
        code.Open($"{access} sealed record {name}({Parameters(name, members)}){(baseType is null ? "" : $" : {baseType}")}");
        extra?.Invoke();
        WriteCodec(code, name, members);
        code.Close();
    }

    /// <summary>A record's parameters, with their types.</summary>
    public static string Parameters(string record, IReadOnlyList<AbiParameter> members) => string.Join(
        ", ", Properties(record, members).Zip(members, static (property, member) => $"{BoundType.Of(member).Name} {property}"));

    /// <summary>A record's properties.</summary>
    public static IEnumerable<string> Properties(string record, IReadOnlyList<AbiParameter> members) =>
        Names.Of(members).Select(name => Names.Pascal(name) is var property && property == record ? $"{property}Value" : property);

    private static void WriteCodec(CodeText code, string name, IReadOnlyList<AbiParameter> members)
    {
        var properties = Properties(name, members).ToArray();
        code.Line($"internal static AbiTupleCodec<{name}> Codec {{ get; }} = new TupleCodec();");
        code.Line();
        code.Open($"private sealed class TupleCodec : AbiTupleCodec<{name}>");
        for (var i = 0; i < members.Count; i++)
        {
            var type = BoundType.Of(members[i]);
            code.Line($"private static readonly AbiCodec<{type.Name}> Member{i} = {type.Codec};");
        }

        code.Line($"public override string Type => \"({string.Join(',', members.Select(static one => one.CanonicalType))})\";");
        code.Line($"public override bool IsDynamic {{ get; }} = {Fold(members.Count, "IsDynamic", " || ", "false")};");
        code.Line($"protected override int MemberHeadBytes {{ get; }} = {Fold(members.Count, "HeadBytes", " + ", "0")};");
        code.Open($"protected override void WriteMembers(AbiWriter writer, {name} value)");
        for (var i = 0; i < members.Count; i++)
        {
            code.Line($"writer.Add(Member{i}, value.{properties[i]});");
        }

        code.Close();
        var reads = string.Join(", ", Enumerable.Range(0, members.Count).Select(static i => $"reader.Next(Member{i})"));
        code.Line($"protected override {name} ReadMembers(AbiReader reader) => new({reads});");
        code.Close();
    }

    private static string Fold(int count, string property, string sign, string none) =>
        count == 0 ? none : string.Join(sign, Enumerable.Range(0, count).Select(i => $"Member{i}.{property}"));
}
