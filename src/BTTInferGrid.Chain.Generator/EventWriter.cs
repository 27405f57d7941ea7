namespace BTTInferGrid.Chain.Generator;

/// <summary>Writes the record that stands for an event, which comes in topics and data.</summary>
internal static class EventWriter
{
    public static void Write(CodeText code, AbiEntry entry, string? notice)
    {
        var name = Names.Pascal(entry.Name);
        var members = entry.Inputs.Select(InTopics).ToArray();
        var data = members.Where(static member => !member.IsIndexed).ToArray();
        var dataProperties = Names.Of(members).Where((_, i) => !members[i].IsIndexed).Select(Names.Pascal).ToArray();
        code.Summary(notice ?? $"The event {entry.Signature}.");
        code.Open($"public sealed record {name}({TupleWriter.Parameters(name, members)}) : ContractEvent");
        code.Summary("Its first topic.");
        code.Line($"public static Hash32 Topic {{ get; }} = AbiSignature.Topic(\"{entry.Signature}\");");
        code.Line();
        code.Summary("Reads it from a log.");
        code.Open($"public static {name} Decode(IReadOnlyList<Hash32> topics, ReadOnlyMemory<byte> data)");
        code.Line($"AbiTopics.Check(topics, Topic, {members.Length - data.Length});");
        code.Line($"{(data.Length > 0 ? "var rest = " : "")}EventData.Codec.Decode(0, data);");
        var (topic, rest) = (1, 0);
        var values = members.Select(member => member.IsIndexed
            ? $"AbiTopics.Read({BoundType.Of(member).Codec}, topics[{topic++}])"
            : $"rest.{dataProperties[rest++]}").ToArray();
        code.Line($"return new({string.Join(", ", values)});");
        code.Close();
        code.Line();
        TupleWriter.Write(code, "private", "EventData", Named(data, dataProperties));
        code.Close();
        code.Line();
    }

    // A topic has no room for what is longer than a word, and holds its hash.
    private static AbiParameter InTopics(AbiParameter parameter) => parameter.IsIndexed && !BoundType.IsWholeInTopic(parameter.Type)
        ? parameter with { Type = "bytes32", Components = [] }
        : parameter;

    private static AbiParameter[] Named(AbiParameter[] members, string[] names) =>
        [.. members.Select((member, i) => member with { Name = names[i] })];
}
