using System.ComponentModel;

namespace Orleans.Embedded.Serialization;

/// <summary>What a copy of a value needs to know: how deep it is within another, and the types there are.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct CopyScope
{
    private readonly int _depth;

    internal CopyScope(Serializer serializer)
        : this(serializer, 0)
    {
    }

    private CopyScope(Serializer serializer, int depth)
    {
        Serializer = serializer;
        _depth = depth;
    }

    internal Serializer Serializer { get; }

    internal CopyScope Deeper()
    {
        return _depth < WireLimits.MaxDepth
            ? new CopyScope(Serializer, _depth + 1)
            : throw SerializerErrors.TooDeep();
    }
}
