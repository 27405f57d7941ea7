using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>
/// A record was not stored because the stored version is not the one the writer knew. When it escapes a grain's
/// request, that activation ends, and the next request reads the record anew.
/// </summary>
public class InconsistentStateException : OrleansException
{
    /// <summary>Makes an exception without details.</summary>
    public InconsistentStateException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What failed.</param>
    public InconsistentStateException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What failed.</param>
    /// <param name="innerException">The cause.</param>
    public InconsistentStateException(string message, Exception? innerException)
        : base(message, innerException!)
    {
    }

    /// <summary>Makes an exception that names both versions.</summary>
    /// <param name="errorMsg">What failed.</param>
    /// <param name="storedEtag">The version that is stored.</param>
    /// <param name="currentEtag">The version the writer knew.</param>
    /// <param name="storageException">The cause.</param>
    public InconsistentStateException(
        string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException)
        : base(errorMsg, storageException!)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    /// <summary>Makes an exception that names both versions.</summary>
    /// <param name="errorMsg">What failed.</param>
    /// <param name="storedEtag">The version that is stored.</param>
    /// <param name="currentEtag">The version the writer knew.</param>
    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
        : this(errorMsg, storedEtag, currentEtag, null)
    {
    }

    /// <summary>Makes an exception from a store's own.</summary>
    /// <param name="storedEtag">The version that is stored.</param>
    /// <param name="currentEtag">The version the writer knew.</param>
    /// <param name="storageException">The cause, whose message this exception takes.</param>
    public InconsistentStateException(string? storedEtag, string? currentEtag, Exception storageException)
        : this(storageException.Message, storedEtag, currentEtag, storageException)
    {
    }

    /// <summary>The version that is stored, where the store tells it.</summary>
    public string? StoredEtag { get; private set; }

    /// <summary>The version the writer knew.</summary>
    public string? CurrentEtag { get; private set; }

    /// <summary>The activation whose write failed; only that one ends.</summary>
    internal ActivationId SourceActivation { get; set; }
}
