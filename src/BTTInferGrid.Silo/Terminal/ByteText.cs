namespace BTTInferGrid.Silo.Terminal;

/// <summary>Numbers of bytes as people read them.</summary>
internal static class ByteText
{
    public static string Of(long bytes) => bytes switch
    {
        >= 1_000_000_000 => $"{bytes / 1e9:F1} GB",
        >= 1_000_000 => $"{bytes / 1e6:F1} MB",
        _ => $"{bytes} B",
    };
}
