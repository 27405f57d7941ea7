using Orleans.Runtime;

namespace Orleans;

/// <summary>The base of every grain interface.</summary>
public interface IGrain : IAddressable
{
}

/// <summary>The base of grain interfaces whose key is a string.</summary>
public interface IGrainWithStringKey : IGrain
{
}

/// <summary>The base of grain interfaces whose key is a GUID.</summary>
public interface IGrainWithGuidKey : IGrain
{
}

/// <summary>The base of grain interfaces whose key is a 64-bit integer.</summary>
public interface IGrainWithIntegerKey : IGrain
{
}
