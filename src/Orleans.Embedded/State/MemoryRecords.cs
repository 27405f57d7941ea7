using System.Globalization;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded.State;

/// <summary>The records of one store. A change is made only by who knows the record's current version.</summary>
internal sealed class MemoryRecords
{
    private readonly Dictionary<(string Name, GrainId Grain), MemoryRecord> _records = [];
    private readonly Lock _lock = new();
    private long _version;

    public MemoryRecord? Read((string Name, GrainId Grain) key)
    {
        lock (_lock)
        {
            return _records.GetValueOrDefault(key);
        }
    }

    /// <summary>Stores a value and returns its version.</summary>
    public string Write((string Name, GrainId Grain) key, string? knownETag, byte[] value)
    {
        lock (_lock)
        {
            CheckVersion(key, knownETag);
            var etag = (++_version).ToString(CultureInfo.InvariantCulture);
            _records[key] = new MemoryRecord(etag, value);
            return etag;
        }
    }

    public void Remove((string Name, GrainId Grain) key, string? knownETag)
    {
        lock (_lock)
        {
            CheckVersion(key, knownETag);
            _records.Remove(key);
        }
    }

    private void CheckVersion((string Name, GrainId Grain) key, string? knownETag)
    {
        var stored = _records.GetValueOrDefault(key)?.ETag;
        if (!string.Equals(stored, knownETag, StringComparison.Ordinal))
        {
            throw new InconsistentStateException(
                $"State '{key.Name}' of grain {key.Grain} was changed by another writer: the stored version is "
                + $"{stored ?? "none"}, the writer knew {knownETag ?? "none"}. Read it again.",
                stored,
                knownETag);
        }
    }
}

/// <summary>A stored value and its version.</summary>
internal sealed record MemoryRecord(string ETag, byte[] Value);
