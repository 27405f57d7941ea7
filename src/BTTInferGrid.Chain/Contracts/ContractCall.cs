using BTTInferGrid.Chain.Abi;

namespace BTTInferGrid.Chain.Contracts;

/// <summary>A call of a contract's function: what a transaction or <c>eth_call</c> carries.</summary>
/// <param name="signature">The function, with its parameters' types.</param>
/// <param name="data">Selector and arguments.</param>
public class ContractCall(string signature, byte[] data)
{
    /// <summary>The function, with its parameters' types, for people: <c>withdraw(uint256)</c>.</summary>
    public string Signature { get; } = signature;

    /// <summary>Selector and arguments.</summary>
    public ReadOnlyMemory<byte> Data { get; } = data;
}

/// <summary>A call whose result matters.</summary>
/// <typeparam name="T">What the function returns.</typeparam>
public sealed class ContractCall<T> : ContractCall
{
    private readonly Func<ReadOnlyMemory<byte>, T> _decode;

    internal ContractCall(string signature, byte[] data, Func<ReadOnlyMemory<byte>, T> decode)
        : base(signature, data) => _decode = decode;

    /// <summary>Reads what <c>eth_call</c> returned.</summary>
    /// <param name="result">The returned bytes.</param>
    /// <exception cref="AbiException">The bytes are not a result of this function: the address has another contract, or none.</exception>
    public T Decode(ReadOnlyMemory<byte> result) => result.IsEmpty
        ? throw new AbiException($"{Signature} returned nothing. There is no contract with that function at this address; check it.")
        : _decode(result);
}
