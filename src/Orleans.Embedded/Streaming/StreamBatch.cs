namespace Orleans.Embedded.Streaming;

/// <summary>What follows the items of a batch.</summary>
internal enum StreamState : byte
{
    /// <summary>More items may come. A batch without items says only that the producer is alive.</summary>
    More,

    /// <summary>The sequence is complete.</summary>
    Completed,

    /// <summary>The producer threw.</summary>
    Failed,

    /// <summary>The producer is gone: deactivated, given up as idle, or never known here.</summary>
    Aborted,
}

/// <summary>The items that were there when the consumer asked.</summary>
internal sealed record StreamBatch<T>(StreamState State, List<T> Items, Exception? Error = null) : IStreamBatch
{
    public static StreamBatch<T> Aborted { get; } = new(StreamState.Aborted, []);

    public IStreamBatch WithError(Exception error)
    {
        return this with { Error = error };
    }
}

/// <summary>What follows the items of a batch, whatever their type.</summary>
internal interface IStreamBatch
{
    StreamState State { get; }

    Exception? Error { get; }

    IStreamBatch WithError(Exception error);
}
