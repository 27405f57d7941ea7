using Orleans.Embedded.CodeGeneration;

namespace Orleans.Runtime;

/// <summary>A reference to a grain: its identity, and the runtime that calls go through.</summary>
public class GrainReference : IAddressable, IEquatable<GrainReference>
{
    private readonly IdSpan _key;

    internal GrainReference(ReferenceBinding binding, IdSpan key)
    {
        Binding = binding;
        _key = key;
    }

    /// <summary>The grain.</summary>
    public GrainId GrainId => new(Binding.GrainType, _key);

    /// <summary>The interface that calls through this reference belong to.</summary>
    public GrainInterfaceType InterfaceType => Binding.InterfaceType;

    /// <summary>The interface that calls through this reference belong to, as text.</summary>
    public virtual string InterfaceName => InterfaceType.ToString();

    internal ReferenceBinding Binding { get; }

    /// <summary>Makes a reference of another interface to the same grain.</summary>
    /// <typeparam name="TGrainInterface">The grain interface wanted.</typeparam>
    public virtual TGrainInterface Cast<TGrainInterface>()
        where TGrainInterface : IAddressable
    {
        return (TGrainInterface)CastTo(typeof(TGrainInterface));
    }

    /// <summary>A hash that is the same in every process.</summary>
    public uint GetUniformHashCode()
    {
        return GrainId.GetUniformHashCode();
    }

    /// <inheritdoc />
    public bool Equals(GrainReference? other)
    {
        return ReferenceEquals(this, other) || (other is not null && GrainId.Equals(other.GrainId));
    }

    /// <inheritdoc />
    public override bool Equals(object? obj)
    {
        return Equals(obj as GrainReference);
    }

    /// <inheritdoc />
    public override int GetHashCode()
    {
        return GrainId.GetHashCode();
    }

    /// <inheritdoc />
    public sealed override string ToString()
    {
        return $"{InterfaceType} {GrainId}";
    }

    /// <summary>Whether both name the same grain.</summary>
    public static bool operator ==(GrainReference? reference1, GrainReference? reference2)
    {
        return reference1 is null ? reference2 is null : reference1.Equals(reference2);
    }

    /// <summary>Whether they name different grains.</summary>
    public static bool operator !=(GrainReference? reference1, GrainReference? reference2)
    {
        return !(reference1 == reference2);
    }

    internal IAddressable CastTo(Type interfaceType)
    {
        return interfaceType.IsInstanceOfType(this) ? this : Binding.Runtime.CreateReference(interfaceType, GrainId);
    }
}
