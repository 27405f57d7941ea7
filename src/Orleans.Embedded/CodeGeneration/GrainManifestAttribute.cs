using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace Orleans.Embedded.CodeGeneration;

/// <summary>Leads from an assembly to its grains without a scan of its types.</summary>
/// <param name="manifestType">The generated subclass of <see cref="GrainManifest"/>.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class GrainManifestAttribute(
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type manifestType)
    : Attribute
{
    /// <summary>The generated subclass of <see cref="GrainManifest"/>.</summary>
    public Type ManifestType { get; } = manifestType;
}
