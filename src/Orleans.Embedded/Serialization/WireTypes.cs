using System.Collections.Frozen;
using System.Text;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Orleans.Embedded.Serialization;

/// <summary>
/// The types that a message may name, by name and by type: those of the manifest, exceptions of the platform and of the
/// runtime, and simple values. No other type is ever looked for.
/// </summary>
internal sealed class WireTypes
{
    private const int ShortName = 256;
    private readonly FrozenSet<Type> _declared;
    private readonly FrozenDictionary<Type, IObjectCodec> _byType;
    private readonly FrozenDictionary<string, IObjectCodec> _byName;
    private readonly FrozenDictionary<string, IObjectCodec>.AlternateLookup<ReadOnlySpan<char>> _byText;

    public WireTypes(IEnumerable<IObjectCodec> manifest)
    {
        IObjectCodec[] manifestTypes = [.. manifest];
        IObjectCodec[] all = [.. manifestTypes, .. KnownExceptions.All, .. KnownValues.All];
        foreach (var clash in all.GroupBy(static item => item.Name).Where(static group => group.Count() > 1))
        {
            throw new OrleansConfigurationException(
                $"Types {string.Join(" and ", clash.Select(static item => item.Type))} are both named '{clash.Key}'. "
                + "Give one of them another name by [Alias].");
        }

        _declared = manifestTypes.Select(static item => item.Type).ToFrozenSet();
        _byType = all.ToFrozenDictionary(static item => item.Type);
        _byName = all.ToFrozenDictionary(static item => item.Name, StringComparer.Ordinal);
        _byText = _byName.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public static CodecNotFoundException Unknown(ReadOnlySpan<byte> name, Type declared)
    {
        return new CodecNotFoundException(
            $"A message names '{Encoding.UTF8.GetString(name)}' as a {declared}, which is no known type of that kind.");
    }

    /// <summary>Whether the application says of a type that it crosses.</summary>
    public bool IsDeclared(Type type)
    {
        return _declared.Contains(type);
    }

    public IObjectCodec? Find(Type type)
    {
        return _byType.GetValueOrDefault(type);
    }

    /// <summary>The type of a name, if it is known and can stand where another is declared.</summary>
    public IObjectCodec? Find(ReadOnlySpan<byte> name, Type declared)
    {
        IObjectCodec? found;
        if (name.Length <= ShortName)
        {
            Span<char> text = stackalloc char[ShortName];
            _byText.TryGetValue(text[..Encoding.UTF8.GetChars(name, text)], out found);
        }
        else
        {
            _byName.TryGetValue(Encoding.UTF8.GetString(name), out found);
        }

        return found is not null && declared.IsAssignableFrom(found.Type) ? found : null;
    }
}
