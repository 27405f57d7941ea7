using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace BTTInferGrid.Chain.TypedData;

/// <summary>The structs that typed data declares, by name.</summary>
internal sealed partial class TypedDataTypes
{
    public const string Domain = "EIP712Domain";

    private const int MaxNameCharacters = 256;

    private readonly Dictionary<string, IReadOnlyList<TypedMember>> _structs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _hashes = new(StringComparer.Ordinal);

    /// <exception cref="TypedDataException">
    /// A declaration has another form, or a name that is no identifier or no type.
    /// </exception>
    public TypedDataTypes(JsonElement types)
    {
        foreach (var declared in TypedJson.Members(types, "types"))
        {
            CheckName(declared.Name);
            if (TypedAtom.IsReserved(declared.Name))
            {
                throw new TypedDataException($"the type {declared.Name} has another meaning and cannot be a struct.");
            }

            TypedMember[] members = [.. TypedJson.Items(declared.Value, declared.Name).Select(ReadMember)];
            _structs[declared.Name] = members.DistinctBy(static member => member.Name).Count() == members.Length
                ? members
                : throw new TypedDataException($"two members of {declared.Name} have one name.");
        }

        foreach (var member in _structs.Values.SelectMany(static members => members))
        {
            var type = ElementType(member.Type);
            if (!_structs.ContainsKey(type) && !TypedAtom.IsAtom(type))
            {
                throw new TypedDataException($"the type {type} of {member.Name} is not declared.");
            }
        }
    }

    public bool IsStruct(string type) => _structs.ContainsKey(type);

    /// <exception cref="TypedDataException">There is no such struct.</exception>
    public IReadOnlyList<TypedMember> this[string type] =>
        _structs.TryGetValue(type, out var members)
            ? members
            : throw new TypedDataException($"the type {type} is not declared.");

    /// <summary>What EIP-712 calls <c>typeHash</c>.</summary>
    public byte[] Hash(string type)
    {
        // Kept, because a list may hold many of one type.
        return _hashes.TryGetValue(type, out var hash)
            ? hash
            : _hashes[type] = TypedWord.OfHash(Encoding.ASCII.GetBytes(Encode(type)));
    }

    /// <summary>What EIP-712 calls <c>encodeType</c>: the struct, and then those it needs, sorted by name.</summary>
    private string Encode(string type)
    {
        var needed = new SortedSet<string>(StringComparer.Ordinal);
        var queue = new Queue<string>([type]);
        while (queue.TryDequeue(out var next))
        {
            foreach (var member in this[next])
            {
                var element = ElementType(member.Type);
                if (IsStruct(element) && needed.Add(element))
                {
                    queue.Enqueue(element);
                }
            }
        }

        // A struct may hold a list of its own kind.
        needed.Remove(type);
        var text = new StringBuilder();
        foreach (var one in needed.Prepend(type))
        {
            var members = this[one].Select(static member => $"{member.Type} {member.Name}");
            text.Append(one).Append('(').AppendJoin(',', members).Append(')');
        }

        return text.ToString();
    }

    /// <summary>The type without its brackets.</summary>
    private static string ElementType(string type)
    {
        var bracket = type.IndexOf('[', StringComparison.Ordinal);
        if (bracket < 0)
        {
            return type;
        }

        return Brackets().IsMatch(type.AsSpan(bracket))
            ? type[..bracket]
            : throw new TypedDataException($"the type {type} is no array: after its element type come [] or [N].");
    }

    private static TypedMember ReadMember(JsonElement member)
    {
        string? name = null, type = null;
        foreach (var part in TypedJson.Members(member, "member"))
        {
            switch (part.Name)
            {
                case "name":
                    name = TypedJson.Text(part.Value, "name");
                    break;
                case "type":
                    type = TypedJson.Text(part.Value, "type");
                    break;
                default:
                    throw new TypedDataException(
                        $"a member is declared with {part.Name}; it has a name and a type alone.");
            }
        }

        CheckName(name);
        return new TypedMember(name!, type ?? throw new TypedDataException($"the member {name} has no type."));
    }

    // A name with other characters could make two declarations the same text, and so the same hash.
    private static void CheckName(string? name)
    {
        if (name is null || name.Length > MaxNameCharacters || !Identifier().IsMatch(name))
        {
            throw new TypedDataException(
                "a type or a member has no name of letters, digits, _ and $, without a digit first, and at most "
                + $"{MaxNameCharacters} characters.");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z_$][A-Za-z0-9_$]*\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\A(\[([1-9][0-9]{0,4})?\])+\z")]
    private static partial Regex Brackets();
}
