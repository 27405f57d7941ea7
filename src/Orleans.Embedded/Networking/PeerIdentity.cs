namespace Orleans.Embedded.Networking;

/// <summary>Who is at one end of a connection.</summary>
/// <param name="Role">What it is to the cluster.</param>
/// <param name="ClusterId">The cluster.</param>
/// <param name="Name">The address of a silo or client, as text; the identity of an edge silo.</param>
internal sealed record PeerIdentity(NodeRole Role, string ClusterId, string Name)
{
    public override string ToString()
    {
        return $"{Role} {Name}";
    }
}
