using System.Globalization;

namespace BTTInferGrid.Chain.Generator;

/// <summary>What an ABI type is in C#.</summary>
/// <param name="Name">The C# type.</param>
/// <param name="Codec">The expression of its codec.</param>
internal readonly record struct BoundType(string Name, string Codec)
{
    /// <summary>Whether a topic has the value, and not the hash of it.</summary>
    public static bool IsWholeInTopic(string type) =>
        !type.EndsWith(']') && type is not "bytes" and not "string" && !type.StartsWith("tuple", StringComparison.Ordinal);

    public static BoundType Of(AbiParameter parameter) => Of(parameter, parameter.Type);

    /// <summary>The name of a struct: what is left of <c>struct IEscrow.Voucher[]</c>.</summary>
    public static string StructName(AbiParameter parameter)
    {
        var name = parameter.InternalType.Split(' ')[^1].Split('[')[0].Split('.')[^1];
        return name.Length > 0 ? name : throw new BindingException($"The tuple {parameter.Name} has no name. Make it a struct.");
    }

    private static BoundType Of(AbiParameter parameter, string type)
    {
        if (type.EndsWith(']'))
        {
            var bracket = type.LastIndexOf('[');
            var element = Of(parameter, type[..bracket]);
            var length = type[(bracket + 1)..^1];
            return new BoundType(
                $"ImmutableArray<{element.Name}>",
                length.Length == 0 ? $"AbiTypes.ArrayOf({element.Codec})" : $"AbiTypes.ArrayOf({element.Codec}, {length})");
        }

        return type switch
        {
            // Whole names, since a function may be called like a struct.
            "tuple" => new BoundType(
                $"global::BTTInferGrid.Chain.Contracts.{StructName(parameter)}",
                $"global::BTTInferGrid.Chain.Contracts.{StructName(parameter)}.Codec"),
            "address" => new BoundType("Address", "AbiTypes.Address"),
            "bool" => new BoundType("bool", "AbiTypes.Bool"),
            "string" => new BoundType("string", "AbiTypes.String"),
            "bytes" => new BoundType("byte[]", "AbiTypes.Bytes"),
            "bytes32" => new BoundType("Hash32", "AbiTypes.Bytes32"),
            "uint8" => new BoundType("byte", "AbiTypes.UInt8"),
            "uint256" => new BoundType("BigInteger", "AbiTypes.UInt256"),
            _ when Number(type, "uint") is { } bits => bits switch
            {
                <= 32 => new BoundType("uint", $"AbiTypes.UIntOf32({bits})"),
                <= 64 => new BoundType("ulong", $"AbiTypes.UIntOf64({bits})"),
                _ => new BoundType("BigInteger", $"AbiTypes.UInt({bits})"),
            },
            _ when Number(type, "int") is { } bits => new BoundType("BigInteger", $"AbiTypes.Int({bits})"),
            _ when Number(type, "bytes") is { } length => new BoundType("byte[]", $"AbiTypes.FixedBytes({length})"),
            _ => throw new BindingException($"There is no binding for the type {type}."),
        };
    }

    private static int? Number(string type, string prefix) =>
        type.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(type[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
