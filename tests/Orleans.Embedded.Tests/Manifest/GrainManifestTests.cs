using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Manifest;

namespace Orleans.Embedded.Tests.Manifest;

public sealed class GrainManifestTests
{
    private readonly GrainManifestIndex _manifest = GrainAssemblies.Load();

    [Theory]
    [InlineData(typeof(IProbeGrain), "probe")]
    [InlineData(typeof(IPocoGrain), "plain-object")]
    [InlineData(typeof(IFailsToActivateGrain), "failstoactivate")]
    public void ImplementationOf_OneClass_HasTheConventionalOrGivenTypeName(Type grainInterface, string name)
    {
        Assert.Equal(name, _manifest.ImplementationOf(grainInterface, null).GrainType.ToString());
    }

    [Fact]
    public void ImplementationOf_SeveralClasses_NeedsAPrefix()
    {
        var error = Assert.Throws<ArgumentException>(() => _manifest.ImplementationOf(typeof(IPlacedGrain), null));
        Assert.Contains("grainClassNamePrefix", error.Message, StringComparison.Ordinal);

        var chosen = _manifest.ImplementationOf(typeof(IPlacedGrain), "Orleans.Conformance.Testing.Grains.Hashed");
        Assert.Equal(typeof(HashedGrain), chosen.Type);
    }

    [Fact]
    public void ImplementationOf_NoClass_SaysSo()
    {
        Assert.Throws<ArgumentException>(() => _manifest.ImplementationOf(typeof(INobodysGrain), null));
    }

    [Fact]
    public void Index_TwoClassesOfOneName_IsRefused()
    {
        var builder = new GrainManifestBuilder();
        builder.AddGrain(typeof(ProbeGrain), typeof(IProbeGrain));
        builder.AddGrain(typeof(Nested.ProbeGrain), typeof(IProbeGrain));

        var error = Assert.Throws<OrleansConfigurationException>(() => new GrainManifestIndex(builder));

        Assert.Contains("[GrainType]", error.Message, StringComparison.Ordinal);
    }

    private static class Nested
    {
        internal sealed class ProbeGrain;
    }
}

public interface INobodysGrain : IGrainWithStringKey
{
    Task Plain();
}
