using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Edge;
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

    [Fact]
    public void GrainTypeOf_EdgeHostedInterface_IsKnownWithoutAClass()
    {
        var type = _manifest.GrainTypeOf(typeof(IClasslessEdgeGrain), null);

        Assert.Equal("@" + typeof(IClasslessEdgeGrain).FullName, type.ToString());
        Assert.Equal(typeof(IClasslessEdgeGrain), _manifest.EdgeHostedBy(type)?.Type);
        Assert.Null(_manifest.EdgeHostedBy(_manifest.GrainTypeOf(typeof(IProbeGrain), null)));
    }

    [Fact]
    public void Index_ClassOfTwoEdgeHostedInterfaces_IsRefused()
    {
        var builder = new GrainManifestBuilder();
        builder.AddInterface(typeof(IProbeGrain), "one", null!, isEdgeHosted: true);
        builder.AddInterface(typeof(IPocoGrain), "two", null!, isEdgeHosted: true);
        builder.AddGrain(typeof(ProbeGrain), typeof(IProbeGrain), typeof(IPocoGrain));

        var error = Assert.Throws<OrleansConfigurationException>(() => new GrainManifestIndex(builder));

        Assert.Contains("[EdgeHosted]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Index_TypeNameOfEdgeSilos_IsRefusedElsewhere()
    {
        var builder = new GrainManifestBuilder();
        builder.AddGrain(typeof(Nested.PretenderGrain), typeof(IProbeGrain));

        Assert.Throws<OrleansConfigurationException>(() => new GrainManifestIndex(builder));
    }

    private static class Nested
    {
        internal sealed class ProbeGrain;

        [GrainType("@Orleans.Embedded.Tests.IProbeGrain")]
        internal sealed class PretenderGrain;
    }
}

public interface INobodysGrain : IGrainWithStringKey
{
    Task Plain();
}

[EdgeHosted]
public interface IClasslessEdgeGrain : IGrainWithStringKey
{
    Task Plain();
}
