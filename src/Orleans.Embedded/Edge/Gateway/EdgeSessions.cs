using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Embedded.Edge;

/// <summary>The edge silos that are connected to this silo, by identity.</summary>
internal sealed class EdgeSessions
{
    private readonly ConcurrentDictionary<IdSpan, EdgeSession> _sessions = new();

    public int Count => _sessions.Count;

    public IEnumerable<EdgeSession> All => _sessions.Select(static pair => pair.Value);

    public EdgeSession? Find(IdSpan identity)
    {
        return _sessions.GetValueOrDefault(identity);
    }

    /// <summary>Puts a session in the place of an older one, which is returned.</summary>
    public EdgeSession? Replace(EdgeSession session)
    {
        var older = Find(session.Address.GrainId.Key);
        _sessions[session.Address.GrainId.Key] = session;
        return older;
    }

    public void Remove(EdgeSession session)
    {
        _sessions.TryRemove(new KeyValuePair<IdSpan, EdgeSession>(session.Address.GrainId.Key, session));
    }
}
