namespace Orleans;

/// <summary>The kinds of reason for which an activation ends.</summary>
public enum DeactivationReasonCode : byte
{
    /// <summary>No reason given.</summary>
    None,

    /// <summary>The silo stops.</summary>
    ShuttingDown,

    /// <summary>The activation could not be set up.</summary>
    ActivationFailed,

    /// <summary>The grain directory lost or refused the entry of the activation.</summary>
    DirectoryFailure,

    /// <summary>No request came for a while.</summary>
    ActivationIdle,

    /// <summary>The activation does not finish its requests.</summary>
    ActivationUnresponsive,

    /// <summary>Another activation of the same grain was registered first.</summary>
    DuplicateActivation,

    /// <summary>A request needs another version of the grain.</summary>
    IncompatibleRequest,

    /// <summary>The grain failed in a way that its memory can no longer be trusted.</summary>
    ApplicationError,

    /// <summary>The grain asked for it.</summary>
    ApplicationRequested,

    /// <summary>The activation moves to another silo.</summary>
    Migrating,

    /// <summary>The runtime asked for it.</summary>
    RuntimeRequested,

    /// <summary>The silo is short of memory.</summary>
    HighMemoryPressure,
}
