namespace Orleans.Configuration;

/// <summary>How calls behave that a silo makes or takes.</summary>
public class SiloMessagingOptions : MessagingOptions
{
    /// <summary>
    /// How often a request that was not executed is passed on from silo to silo before it is refused. 2.
    /// </summary>
    public int MaxForwardCount { get; set; } = 2;
}
