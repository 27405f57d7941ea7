using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>
/// A store of grain records, registered as a keyed service under its name. Writing and clearing are conditional on the
/// version in the given record; an operation that succeeds sets the record's new version.
/// </summary>
public interface IGrainStorage
{
    /// <summary>
    /// Reads a record. A record that is not there leaves a fresh value, no version and <c>RecordExists</c> false.
    /// </summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="stateName">The record's name.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">Receives the record.</param>
    Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <summary>Stores a record.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="stateName">The record's name.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">The record; receives the new version.</param>
    /// <exception cref="InconsistentStateException">The stored version is another one; nothing was stored.</exception>
    Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <summary>Removes a record.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="stateName">The record's name.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">The record; receives a fresh value and the new version or none.</param>
    /// <exception cref="InconsistentStateException">The stored version is another one; nothing was removed.</exception>
    Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);
}
