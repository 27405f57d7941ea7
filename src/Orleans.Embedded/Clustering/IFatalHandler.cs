namespace Orleans.Embedded.Clustering;

/// <summary>Ends a silo that the cluster has declared dead.</summary>
internal interface IFatalHandler
{
    /// <summary>Called once, when the fence is up for good. Returns at once.</summary>
    void OnFatal(string reason);
}
