using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Embedded.Edge;

/// <summary>
/// The connections of edge silos with this silo: all that are open, and the one of each identity that requests go to. An
/// edge silo that has not announced itself, or is leaving, has a connection of the first kind only.
/// </summary>
internal sealed class EdgeSessions
{
    /// <summary>One that starts again may come while its older connections still end; more is a fault of its own.</summary>
    private const int MaxPerIdentity = 4;

    private readonly ConcurrentDictionary<IdSpan, EdgeSession> _sessions = new();
    private readonly ConcurrentDictionary<EdgeSession, long> _open = new();
    private long _opened;

    public int OpenCount => _open.Count;

    public IEnumerable<EdgeSession> Open => _open.Select(static pair => pair.Key);

    public IEnumerable<EdgeSession> All => _sessions.Select(static pair => pair.Value);

    /// <summary>Notes a connection; returns the oldest of its identity that are too many.</summary>
    public List<EdgeSession> Add(EdgeSession session)
    {
        _open[session] = Interlocked.Increment(ref _opened);
        return
        [
            .. _open.Where(pair => string.Equals(pair.Key.Identity, session.Identity, StringComparison.Ordinal))
                .OrderByDescending(static pair => pair.Value).Skip(MaxPerIdentity).Select(static pair => pair.Key),
        ];
    }

    /// <summary>A connection has ended.</summary>
    public void Forget(EdgeSession session)
    {
        _open.TryRemove(session, out _);
    }

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
