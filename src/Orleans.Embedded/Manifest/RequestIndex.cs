using System.Collections.Frozen;
using System.Text;
using Orleans.Embedded.CodeGeneration;
using Orleans.Runtime;

namespace Orleans.Embedded.Manifest;

/// <summary>The methods that a message may name.</summary>
internal sealed class RequestIndex
{
    private const int MaxName = 1024;
    private readonly FrozenDictionary<string, Func<GrainRequest>> _byName;
    private readonly FrozenDictionary<string, Func<GrainRequest>>.AlternateLookup<ReadOnlySpan<char>> _byText;

    public RequestIndex(IEnumerable<Func<GrainRequest>> factories)
    {
        var named = factories.Select(static factory => (Name: NameOf(factory().Method), Factory: factory)).ToArray();
        foreach (var clash in named.GroupBy(static item => item.Name).Where(static group => group.Count() > 1))
        {
            throw new OrleansConfigurationException(
                $"Several grain interface methods are named '{clash.Key}'. Give one of them another name by [Alias].");
        }

        _byName = named.ToFrozenDictionary(
            static item => item.Name, static item => item.Factory, StringComparer.Ordinal);
        _byText = _byName.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public IEnumerable<string> Names => _byName.Keys;

    public Func<GrainRequest>? Find(ReadOnlySpan<byte> interfaceName, ReadOnlySpan<byte> methodName)
    {
        if (interfaceName.Length + methodName.Length >= MaxName)
        {
            return null;
        }

        Span<char> text = stackalloc char[MaxName];
        var length = Encoding.UTF8.GetChars(interfaceName, text);
        text[length++] = '/';
        length += Encoding.UTF8.GetChars(methodName, text[length..]);
        _byText.TryGetValue(text[..length], out var factory);
        return factory;
    }

    private static string NameOf(GrainMethod method)
    {
        return $"{method.InterfaceName}/{method.MethodName}";
    }
}
