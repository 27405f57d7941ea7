namespace BTTInferGrid.Chain.Abi;

/// <summary>
/// One type of the contract ABI: how its values are written and read. Encoding as in "Contract ABI Specification" of the
/// Solidity documentation.
/// </summary>
/// <typeparam name="T">What a value is here.</typeparam>
public abstract class AbiCodec<T>
{
    /// <summary>The type's canonical name, as signatures have it: <c>uint256</c>, <c>(address,bytes)[]</c>.</summary>
    public abstract string Type { get; }

    /// <summary>Whether values differ in length, so that a tuple holds where they are instead of them.</summary>
    public abstract bool IsDynamic { get; }

    /// <summary>What a value takes in the head of the tuple that it is part of, in bytes: a multiple of 32.</summary>
    public virtual int HeadBytes => AbiWriter.WordBytes;

    /// <summary>Writes a value: a static one into the head of the tuple, a dynamic one at the end.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="AbiException">The value is none of this type.</exception>
    internal abstract void Write(AbiWriter writer, T value);

    /// <summary>Reads a value: a static one from the head of the tuple, a dynamic one from behind all that has been read.</summary>
    /// <param name="reader">Where from.</param>
    /// <exception cref="AbiException">There is no value of this type.</exception>
    internal abstract T Read(AbiReader reader);
}
