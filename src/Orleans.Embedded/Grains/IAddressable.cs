namespace Orleans.Runtime;

/// <summary>Anything that has an address in the cluster: a grain, or a reference to one.</summary>
public interface IAddressable
{
}
