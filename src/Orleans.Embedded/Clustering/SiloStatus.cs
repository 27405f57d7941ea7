namespace Orleans.Runtime;

/// <summary>The stages of a silo's life in its cluster.</summary>
public enum SiloStatus
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>Known, not yet started.</summary>
    Created = 1,

    /// <summary>Starting; takes no requests yet.</summary>
    Joining = 2,

    /// <summary>Takes requests and new grains.</summary>
    Active = 3,

    /// <summary>Stopping in good order: finishes requests, takes no new grains.</summary>
    ShuttingDown = 4,

    /// <summary>Stopping at once.</summary>
    Stopping = 5,

    /// <summary>Gone for good; a restart is a new silo.</summary>
    Dead = 6,
}
