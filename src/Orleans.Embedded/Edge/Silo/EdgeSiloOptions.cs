namespace Orleans.Embedded.Edge;

/// <summary>What an edge silo connects to and hosts.</summary>
public sealed class EdgeSiloOptions
{
    /// <summary>The gateways, by the addresses that core silos map edge silos to (ws, wss). They are tried in turn.</summary>
    public IList<Uri> Gateways { get; } = [];

    /// <summary>How long connecting may take, and proving who the edge silo is.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after the first failure; it doubles with each further one, and half of it is random.</summary>
    public TimeSpan MinBackoff { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest pause.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of one message, both ways.</summary>
    public int MaxMessageBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>How often a connection without traffic is heard of.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The interfaces whose grains the edge silo hosts.</summary>
    internal HashSet<Type> Hosted { get; } = [];

    /// <summary>Hosts the grain of an interface whose key is the edge silo's identity.</summary>
    /// <typeparam name="TGrainInterface">The interface, marked <see cref="EdgeHostedAttribute"/>.</typeparam>
    public void Host<TGrainInterface>()
        where TGrainInterface : IGrainWithStringKey
    {
        Hosted.Add(typeof(TGrainInterface));
    }
}
