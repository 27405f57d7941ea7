namespace Orleans;

/// <summary>Why an activation ends.</summary>
public readonly struct DeactivationReason
{
    /// <summary>Makes a reason without an exception.</summary>
    /// <param name="code">The kind of reason.</param>
    /// <param name="text">The reason for a reader.</param>
    public DeactivationReason(DeactivationReasonCode code, string text)
        : this(code, null, text)
    {
    }

    /// <summary>Makes a reason.</summary>
    /// <param name="code">The kind of reason.</param>
    /// <param name="exception">What went wrong, if that is the reason.</param>
    /// <param name="text">The reason for a reader.</param>
    public DeactivationReason(DeactivationReasonCode code, Exception? exception, string text)
    {
        ReasonCode = code;
        Exception = exception;
        Description = text;
    }

    /// <summary>The kind of reason.</summary>
    public DeactivationReasonCode ReasonCode { get; }

    /// <summary>The reason for a reader.</summary>
    public string Description { get; }

    /// <summary>What went wrong, if that is the reason.</summary>
    public Exception? Exception { get; }

    /// <inheritdoc />
    public override string ToString()
    {
        return Exception is null ? $"{ReasonCode}: {Description}" : $"{ReasonCode}: {Description} {Exception}";
    }
}
