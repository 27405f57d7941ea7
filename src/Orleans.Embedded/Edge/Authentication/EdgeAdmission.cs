namespace Orleans.Embedded.Edge;

/// <summary>What an <see cref="IEdgeAuthenticator"/> decided.</summary>
public sealed class EdgeAdmission
{
    private EdgeAdmission(bool isAccepted, string? reason)
    {
        IsAccepted = isAccepted;
        Reason = reason;
    }

    /// <summary>The edge silo is who it says, and may come in.</summary>
    public static EdgeAdmission Accepted { get; } = new(true, null);

    /// <summary>Whether it may come in.</summary>
    public bool IsAccepted { get; }

    /// <summary>Why not; null if it may.</summary>
    public string? Reason { get; }

    /// <summary>The edge silo may not come in.</summary>
    /// <param name="reason">Why not. The edge silo is told.</param>
    public static EdgeAdmission Refused(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new EdgeAdmission(false, reason);
    }
}
