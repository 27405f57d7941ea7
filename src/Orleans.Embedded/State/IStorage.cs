namespace Orleans.Core;

/// <summary>One stored record of a grain.</summary>
public interface IStorage
{
    /// <summary>The version of the record that was read or written last, or null when there is none.</summary>
    string? Etag { get; }

    /// <summary>Whether the record is stored.</summary>
    bool RecordExists { get; }

    /// <summary>Removes the record, if it is still the version this activation knows.</summary>
    Task ClearStateAsync();

    /// <summary>Stores the record, if the stored one is still the version this activation knows.</summary>
    Task WriteStateAsync();

    /// <summary>Reads the record again and drops what was not written.</summary>
    Task ReadStateAsync();

    /// <inheritdoc cref="ClearStateAsync()" />
    /// <param name="cancellationToken">Not every store observes it.</param>
    Task ClearStateAsync(CancellationToken cancellationToken)
    {
        return ClearStateAsync();
    }

    /// <inheritdoc cref="WriteStateAsync()" />
    /// <param name="cancellationToken">Not every store observes it.</param>
    Task WriteStateAsync(CancellationToken cancellationToken)
    {
        return WriteStateAsync();
    }

    /// <inheritdoc cref="ReadStateAsync()" />
    /// <param name="cancellationToken">Not every store observes it.</param>
    Task ReadStateAsync(CancellationToken cancellationToken)
    {
        return ReadStateAsync();
    }
}

/// <summary>One stored record of a grain, with its value.</summary>
/// <typeparam name="TState">The type of the value.</typeparam>
public interface IStorage<TState> : IStorage
{
    /// <summary>The value in memory; it is stored only by <see cref="IStorage.WriteStateAsync()"/>.</summary>
    TState State { get; set; }
}
