namespace Orleans.Embedded.Networking;

/// <summary>What a node is to its cluster. The numbers are the protocol.</summary>
internal enum NodeRole : byte
{
    /// <summary>A core silo.</summary>
    Silo = 1,

    /// <summary>A client, which hosts no grains.</summary>
    Client = 2,

    /// <summary>A silo outside, which hosts only grains of its own.</summary>
    Edge = 3,
}
