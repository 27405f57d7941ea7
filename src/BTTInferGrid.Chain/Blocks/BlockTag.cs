using BTTInferGrid.Chain.Rpc;

namespace BTTInferGrid.Chain.Blocks;

/// <summary>Names a block: by its height, or by its place.</summary>
public readonly record struct BlockTag
{
    private readonly string? _text;

    private BlockTag(string text)
    {
        _text = text;
    }

    /// <summary>The newest block.</summary>
    public static BlockTag Latest => default;

    /// <summary>The newest block, and after it what the node has not put in a block yet.</summary>
    public static BlockTag Pending { get; } = new("pending");

    /// <summary>The block of a height.</summary>
    /// <param name="number">The height.</param>
    public static BlockTag Number(ulong number)
    {
        return new BlockTag(Quantity.Format(number));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        return _text ?? "latest";
    }
}
