using Orleans.Runtime;

namespace Orleans.Embedded.Edge;

/// <summary>
/// The enumerations that an edge silo has open. Their ids are its own: the cluster knows them by others, so that an edge silo
/// can name no enumeration but those it opened.
/// </summary>
internal sealed class EdgeStreams(int max)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, (Guid Id, GrainId Grain)> _open = [];

    /// <summary>Opens an enumeration; null when there are too many, or it is open.</summary>
    public Guid? Open(Guid ownId, GrainId grain)
    {
        lock (_lock)
        {
            var id = Guid.NewGuid();
            return _open.Count < max && _open.TryAdd(ownId, (id, grain)) ? id : null;
        }
    }

    public (Guid Id, GrainId Grain)? Find(Guid ownId)
    {
        lock (_lock)
        {
            return _open.TryGetValue(ownId, out var found) ? found : null;
        }
    }

    /// <summary>Closes an enumeration; returns which it was, or null if it was not open.</summary>
    public (Guid Id, GrainId Grain)? Close(Guid ownId)
    {
        lock (_lock)
        {
            return _open.Remove(ownId, out var closed) ? closed : null;
        }
    }

    public List<(Guid Id, GrainId Grain)> CloseAll()
    {
        lock (_lock)
        {
            List<(Guid, GrainId)> open = [.. _open.Values];
            _open.Clear();
            return open;
        }
    }
}
