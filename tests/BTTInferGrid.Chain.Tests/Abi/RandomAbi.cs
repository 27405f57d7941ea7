using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json.Nodes;
using BTTInferGrid.Chain.Abi;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Tests.Abi;

/// <summary>Random types of the ABI, with random values as other tools write them.</summary>
internal sealed class RandomAbi(Random random)
{
    /// <summary>A type, a value of it, and the value in the words of <c>cast</c> and of JSON, with numbers as text.</summary>
    public sealed record Sample(AbiCodec<object> Codec, object Value, string Text, JsonNode Json);

    public Sample Next(int depth = 0) => random.Next(depth < 3 ? 11 : 8) switch
    {
        0 => Unsigned(),
        1 => Signed(),
        2 => Box(AbiTypes.Bool, random.Next(2) == 1, static value => value ? "true" : "false", static value => value),
        3 => Box(AbiTypes.Address, new Address(Bytes(Address.Bytes)), static value => value.ToString()),
        4 => Box(AbiTypes.Bytes32, new Hash32(Bytes(Hash32.Bytes)), static value => value.ToString()),
        5 => Box(AbiTypes.Bytes, Bytes(random.Next(100)), Hex),
        6 => Box(AbiTypes.String, Convert.ToBase64String(Bytes(random.Next(60))), static value => $"\"{value}\"", static value => value),
        7 => random.Next(1, 32) is var length ? Box(AbiTypes.FixedBytes(length), Bytes(length), Hex) : null!,
        8 => Tuple(depth),
        _ => Array(depth),
    };

    public Sample Tuple(int depth = 0)
    {
        var members = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Next(depth + 1)).ToArray();
        return new Sample(
            new AnyTupleCodec([.. members.Select(static one => one.Codec)]),
            members.Select(static one => one.Value).ToArray(),
            $"({string.Join(',', members.Select(static one => one.Text))})",
            new JsonArray([.. members.Select(static one => one.Json)]));
    }

    private Sample Unsigned()
    {
        var bits = 8 * random.Next(1, 33);
        var value = new BigInteger(Bytes(bits / 8), isUnsigned: true);
        return bits switch
        {
            8 => Box(AbiTypes.UInt8, (byte)value, static one => $"{one}"),
            <= 32 => Box(AbiTypes.UIntOf32(bits), (uint)value, static one => $"{one}"),
            <= 64 => Box(AbiTypes.UIntOf64(bits), (ulong)value, static one => $"{one}"),
            _ => Box(AbiTypes.UInt(bits), value, static one => $"{one}"),
        };
    }

    private Sample Signed()
    {
        var bits = 8 * random.Next(1, 33);
        return Box(AbiTypes.Int(bits), new BigInteger(Bytes(bits / 8)), static value => $"{value}");
    }

    private Sample Array(int depth)
    {
        var element = Next(depth + 1);
        var values = Enumerable.Repeat(element.Value, random.Next(1, 4)).ToImmutableArray();
        var text = $"[{string.Join(',', Enumerable.Repeat(element.Text, values.Length))}]";
        var codec = random.Next(2) == 0 ? AbiTypes.ArrayOf(element.Codec) : AbiTypes.ArrayOf(element.Codec, values.Length);
        return Box(codec, values, _ => text, _ => new JsonArray([.. values.Select(_ => element.Json.DeepClone())]));
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Hex(byte[] bytes) => "0x" + Convert.ToHexStringLower(bytes);

    private static Sample Box<T>(AbiCodec<T> codec, T value, Func<T, string> text, Func<T, JsonNode>? json = null)
        where T : notnull => new(new AnyCodec<T>(codec), value, text(value), json?.Invoke(value) ?? text(value));

    private sealed class AnyCodec<T>(AbiCodec<T> codec) : AbiCodec<object>
        where T : notnull
    {
        public override string Type => codec.Type;

        public override bool IsDynamic => codec.IsDynamic;

        public override int HeadBytes => codec.HeadBytes;

        internal override void Write(AbiWriter writer, object value) => codec.Write(writer, (T)value);

        internal override object Read(AbiReader reader) => codec.Read(reader);
    }

    private sealed class AnyTupleCodec(AbiCodec<object>[] members) : AbiTupleCodec<object>
    {
        public override string Type { get; } = $"({string.Join(',', members.Select(static one => one.Type))})";

        public override bool IsDynamic { get; } = members.Any(static one => one.IsDynamic);

        protected override int MemberHeadBytes { get; } = members.Sum(static one => one.HeadBytes);

        protected override void WriteMembers(AbiWriter writer, object value)
        {
            foreach (var (member, one) in members.Zip((object[])value))
            {
                writer.Add(member, one);
            }
        }

        protected override object ReadMembers(AbiReader reader) => members.Select(reader.Next).ToArray();
    }
}
