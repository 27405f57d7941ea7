using System.ComponentModel.DataAnnotations;
using BTTInferGrid.Link;

namespace BTTInferGrid.Grains.Miners.Links;

/// <summary>Who may open links, and what one link may cost the grid.</summary>
public sealed class LinkOptions
{
    /// <summary>Id of the grid. A proof is for one grid.</summary>
    [Required]
    public string Grid { get; set; } = "bttgrid";

    /// <summary>
    /// Host names by which nodes reach this front, in lower case. A proof is for one of them. Empty accepts the IP address
    /// that the connection came in on, and <c>localhost</c> on a loopback address.
    /// </summary>
    public IList<string> Hosts { get; } = [];

    /// <summary>
    /// Accepts links without TLS that arrive on addresses other than loopback ones. Prompts and answers then travel
    /// unencrypted, unless a proxy or a VPN encrypts them.
    /// </summary>
    public bool AllowPlainText { get; set; }

    /// <summary>Identities that may open a link; empty admits every identity.</summary>
    public ISet<string> AllowedIdentities { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Sessions of this silo; 1 or more.</summary>
    [Range(1, 1_000_000)]
    public int MaxSessions { get; set; } = 20_000;

    /// <summary>Connections of this silo that have not proved an identity yet; 1 or more.</summary>
    [Range(1, 100_000)]
    public int MaxHandshakes { get; set; } = 1024;

    /// <summary>Longest time from the connection to the Welcome, and again from there to the first offer.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = LinkProtocol.HandshakeTimeout;

    /// <summary>Jobs of one session at the same time; more find the miner busy.</summary>
    [Range(1, 1_000_000)]
    public int MaxJobs { get; set; } = 4096;

    /// <summary>Bytes that wait to be sent to one node; a request that does not fit finds the miner busy.</summary>
    [Range(LinkProtocol.MaxMessageToNode, int.MaxValue)]
    public int MaxQueuedBytes { get; set; } = 2 * LinkProtocol.MaxMessageToNode;

    /// <summary>
    /// Messages per second, in the long run, that a node may send and that belong to no running job: status, offers, messages
    /// of ended jobs. A node that sends more breaks the protocol.
    /// </summary>
    [Range(1, 1_000_000)]
    public int OtherMessagesPerSecond { get; set; } = 200;

    /// <summary>Such messages that may arrive at once.</summary>
    [Range(1, 1_000_000)]
    public int OtherMessagesBurst { get; set; } = 4096;

    /// <summary>
    /// Offers that an identity may make at once, in new sessions or within one; it gets one more per <see cref="OfferPeriod"/>.
    /// A session that exceeds it breaks the protocol, and an identity that has none left is told when to come back.
    /// </summary>
    [Range(1, 1_000_000)]
    public int OfferBurst { get; set; } = 10;

    /// <summary>Time in which an identity gets one offer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan OfferPeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Identities that have made an offer lately, for which offers are counted; others have to wait.</summary>
    [Range(1, 10_000_000)]
    public int MaxOfferingIdentities { get; set; } = 100_000;

    /// <summary>Longest time that running jobs of a stopping silo get before its links are closed.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
