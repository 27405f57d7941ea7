using System.ComponentModel;

namespace Orleans.Embedded.CodeGeneration;

/// <summary>The grain interfaces and classes of one assembly: the generator writes one subclass.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class GrainManifest
{
    /// <summary>Names the assembly's grain interfaces and classes.</summary>
    /// <param name="builder">Receives them.</param>
    public abstract void Populate(GrainManifestBuilder builder);
}
