namespace Orleans.Embedded.Edge;

/// <summary>Which edge silos that prove themselves by a key a gateway lets in.</summary>
public sealed class EdgeKeyOptions
{
    /// <summary>The identities that are let in, as the edge silos print them at their start.</summary>
    public ISet<string> AllowedIdentities { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>
    /// Whether everybody is let in who has a key. Then anybody on the network may call the methods marked
    /// <see cref="EdgeCallableAttribute"/>.
    /// </summary>
    public bool AllowAnyKey { get; set; }
}
