namespace Orleans;

/// <summary>A grain's record as a store sees it.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class GrainState<T> : IGrainState<T>
{
    /// <summary>Makes a record that is not stored and has no value.</summary>
    public GrainState()
    {
    }

    /// <summary>Makes a record that is not stored.</summary>
    /// <param name="state">The value.</param>
    public GrainState(T? state)
        : this(state, null)
    {
    }

    /// <summary>Makes a record.</summary>
    /// <param name="state">The value.</param>
    /// <param name="eTag">The version, or null.</param>
    public GrainState(T? state, string? eTag)
    {
        State = state;
        ETag = eTag;
    }

    /// <inheritdoc />
    public T? State { get; set; }

    /// <inheritdoc />
    public string? ETag { get; set; }

    /// <inheritdoc />
    public bool RecordExists { get; set; }
}
