namespace BTTInferGrid.Chain.Generator;

/// <summary>Writes the class that stands for a contract.</summary>
internal sealed class ContractWriter(CodeText code, ContractArtifact contract)
{
    private readonly HashSet<string> _inputs = [];

    public void Write()
    {
        code.Summary($"The contract {contract.Name}: calls of its functions, and its events.");
        code.Open($"public static class {contract.Name}");
        if (contract.Bytecode.Length > 0)
        {
            WriteDeployment();
        }

        foreach (var function in contract.Entries.Where(static entry => entry.Kind == "function"))
        {
            WriteFunction(function);
        }

        WriteEvents([.. contract.Entries.Where(static entry => entry is { Kind: "event", IsAnonymous: false })]);
        code.Close();
        code.Line();
    }

    private void WriteDeployment()
    {
        var inputs = contract.Entries.FirstOrDefault(static entry => entry.Kind == "constructor")?.Inputs ?? [];
        code.Summary("What deploys the contract: the data of a transaction that has no receiver.");
        code.Line($"public static byte[] Deployment({Parameters(inputs)}) =>");
        code.Line($"    ConstructorInput.Codec.Encode(Code, new({Arguments(inputs)}));");
        code.Line();
        code.Line($"private static readonly byte[] Code = Convert.FromHexString(\"{contract.Bytecode}\");");
        code.Line();
        TupleWriter.Write(code, "private", "ConstructorInput", inputs);
        code.Line();
    }

    private void WriteFunction(AbiEntry function)
    {
        var name = Names.Pascal(function.Name);
        var input = $"{name}Input";
        for (var i = 2; !_inputs.Add(input); i++)
        {
            input = $"{name}Input{i}";
        }

        var (result, decode) = Result(function, input);
        code.Summary(contract.Notices.GetValueOrDefault(function.Signature) ?? $"Calls {function.Signature}.");
        code.Line($"public static ContractCall{(result is null ? "" : $"<{result}>")} {name}({Parameters(function.Inputs)}) => new(");
        code.Line($"    \"{function.Signature}\",");
        code.Line($"    {input}.Codec.Encode({input}.Selector, new({Arguments(function.Inputs)})){(result is null ? ");" : ",")}");
        if (result is not null)
        {
            code.Line($"    static bytes => {decode}.Decode(0, bytes));");
        }

        code.Line();
        TupleWriter.Write(code, "private", input, function.Inputs, () =>
        {
            code.Line($"public static readonly byte[] Selector = AbiSignature.Selector(\"{function.Signature}\");");
            if (function.Outputs.Count == 1)
            {
                var type = BoundType.Of(function.Outputs[0]);
                code.Line($"public static readonly AbiTupleCodec<{type.Name}> Output = new OneOf<{type.Name}>({type.Codec});");
            }

            code.Line();
        });
        code.Line();
        if (function.Outputs.Count > 1)
        {
            code.Summary($"What {function.Signature} returns.");
            TupleWriter.Write(code, "public", result!, function.Outputs);
            code.Line();
        }
    }

    private static (string? Type, string Decode) Result(AbiEntry function, string input) => function.Outputs.Count switch
    {
        0 => (null, ""),
        1 => (BoundType.Of(function.Outputs[0]).Name, $"{input}.Output"),
        _ => ($"{input[..^"Input".Length]}Result", $"{input[..^"Input".Length]}Result.Codec"),
    };

    private void WriteEvents(AbiEntry[] events)
    {
        if (events.Length == 0)
        {
            return;
        }

        code.Summary("Reads an event of this contract from a log; null for one that is not in its interface.");
        code.Open("public static ContractEvent? DecodeEvent(IReadOnlyList<Hash32> topics, ReadOnlyMemory<byte> data)");
        code.Line("var topic = topics.Count > 0 ? topics[0] : default;");
        foreach (var one in events)
        {
            code.Line($"if (topic == Events.{Names.Pascal(one.Name)}.Topic) return Events.{Names.Pascal(one.Name)}.Decode(topics, data);");
        }

        code.Line("return null;");
        code.Close();
        code.Line();
        code.Summary("What this contract tells in logs.");
        code.Open("public static class Events");
        foreach (var one in events)
        {
            EventWriter.Write(code, one, contract.Notices.GetValueOrDefault(one.Signature));
        }

        code.Close();
    }

    private static string Parameters(IReadOnlyList<AbiParameter> inputs) => string.Join(
        ", ", Names.Of(inputs).Zip(inputs, static (name, input) => $"{BoundType.Of(input).Name} {Names.Camel(name)}"));

    private static string Arguments(IReadOnlyList<AbiParameter> inputs) =>
        string.Join(", ", Names.Of(inputs).Select(Names.Camel));
}
