using Orleans.Embedded.Edge;
using Orleans.Embedded.Manifest;

namespace Orleans.Embedded.Tests.Edge;

public sealed class EdgePolicyTests
{
    private const string GuidKey = "0123456789abcdef0123456789abcdef";
    private static readonly GrainManifestIndex Manifest = GrainAssemblies.Load();
    private readonly EdgePolicy _policy = new(Manifest);

    [Theory]
    [InlineData("1", true)]
    [InlineData("AB", true)]
    [InlineData("ab", false)]
    [InlineData("01", false)]
    [InlineData("+1", false)]
    [InlineData(" 1", false)]
    [InlineData("1+more", false)]
    [InlineData("one", false)]
    [InlineData("", false)]
    public void Resolve_IntegerKey_OnlyAsReferencesSpellIt(string key, bool expected)
    {
        Assert.Equal(expected, Resolves<ICopyGrain>(IdSpan.Create(key)));
    }

    [Theory]
    [InlineData(GuidKey, true)]
    [InlineData("0123456789ABCDEF0123456789ABCDEF", false)]
    [InlineData("01234567-89ab-cdef-0123-456789abcdef", false)]
    [InlineData("{01234567-89ab-cdef-0123-456789abcdef}", false)]
    [InlineData(GuidKey + "+more", false)]
    [InlineData("1", false)]
    public void Resolve_GuidKey_OnlyAsReferencesSpellIt(string key, bool expected)
    {
        Assert.Equal(expected, Resolves<IGuidGrain>(IdSpan.Create(key)));
    }

    [Fact]
    public void Resolve_TextKey_IsTextOfBoundedLength()
    {
        Assert.True(Resolves<ICenterGrain>(IdSpan.Create("any ä/key")));
        Assert.True(Resolves<ICenterGrain>(IdSpan.Create(new string('x', 512))));
        Assert.False(Resolves<ICenterGrain>(IdSpan.Create(new string('x', 513))));
        Assert.False(Resolves<ICenterGrain>(IdSpan.Create(string.Empty)));
        Assert.False(Resolves<ICenterGrain>(new IdSpan([0xC3, 0x28])));
        Assert.False(Resolves<ICenterGrain>(IdSpan.Create("a\0b")));
    }

    [Theory]
    [InlineData("p256-00ff", true)]
    [InlineData("two words", false)]
    [InlineData("", false)]
    public void Resolve_GrainOfAnEdgeSilo_KeyIsAnIdentity(string key, bool expected)
    {
        var name = NameOf<IMachineGrain>();
        var grain = new GrainId(EdgeGrainType.Of(name), IdSpan.Create(key));

        Assert.Equal(expected ? grain : null, _policy.Resolve(grain, name));
    }

    [Fact]
    public void Resolve_InterfaceThatTheGrainHasNot_IsNoGrain()
    {
        var center = new GrainId(EdgeGrainType.Named(Manifest.InterfaceOf(typeof(ICenterGrain))), IdSpan.Create("x"));
        var unknown = new GrainId(GrainType.Create("?unknown"), IdSpan.Create("x"));

        Assert.Null(_policy.Resolve(center, NameOf<IMachineGrain>()));
        Assert.Null(_policy.Resolve(center, "unknown"));
        Assert.Null(_policy.Resolve(unknown, NameOf<ICenterGrain>()));
    }

    [Fact]
    public void FindHosted_OnlyInterfacesThatAreMarked()
    {
        Assert.Equal(typeof(IMachineGrain), _policy.FindHosted(NameOf<IMachineGrain>())?.Type);
        Assert.Null(_policy.FindHosted(NameOf<ICenterGrain>()));
        Assert.Null(_policy.FindHosted("unknown"));
    }

    private static string NameOf<TInterface>()
    {
        return Manifest.InterfaceOf(typeof(TInterface)).Name.ToString();
    }

    private bool Resolves<TInterface>(IdSpan key)
    {
        var named = new GrainId(EdgeGrainType.Named(Manifest.InterfaceOf(typeof(TInterface))), key);
        var resolved = _policy.Resolve(named, NameOf<TInterface>());
        Assert.True(resolved is null || (resolved.Value.Key == key && resolved.Value.Type != named.Type));
        return resolved is not null;
    }
}
