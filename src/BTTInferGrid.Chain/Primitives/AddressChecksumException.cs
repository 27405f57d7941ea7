namespace BTTInferGrid.Chain.Primitives;

/// <summary>The letters of an address are not in the case that its checksum demands (EIP-55).</summary>
public sealed class AddressChecksumException : FormatException
{
    internal AddressChecksumException(string address)
        : base($"The checksum of the address {address} is wrong: a character is mistyped. "
            + "Compare it with where it is from.")
    {
        Address = address;
    }

    /// <summary>The address as it was given.</summary>
    public string Address { get; }
}
