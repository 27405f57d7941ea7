using System.Collections.Concurrent;

namespace BTTInferGrid.Grains.Miners.Sessions;

/// <summary>The sessions of this silo, at most one for each miner. Thread safe.</summary>
internal sealed class MinerSessions
{
    private readonly ConcurrentDictionary<string, IMinerSession> _sessions = new(StringComparer.Ordinal);

    /// <summary>Number of sessions.</summary>
    public int Count => _sessions.Count;

    /// <summary>All sessions at this moment.</summary>
    public ICollection<IMinerSession> All => _sessions.Values;

    /// <summary>The session of a miner; null if this silo has none.</summary>
    public IMinerSession? Find(string minerId) => _sessions.GetValueOrDefault(minerId);

    /// <summary>Whether a session is the current one of its miner.</summary>
    public bool IsCurrent(IMinerSession session) => ReferenceEquals(Find(session.MinerId), session);

    /// <summary>Adds a session; an older one of the same miner is replaced and ends.</summary>
    public void Add(IMinerSession session)
    {
        IMinerSession? older = null;
        _sessions.AddOrUpdate(session.MinerId, session, (_, existing) =>
        {
            older = existing;
            return session;
        });
        older?.Close(SessionEnd.Replaced, "The same identity has connected again.");
    }

    /// <summary>Removes a session; false if it was replaced before.</summary>
    public bool Remove(IMinerSession session) => _sessions.TryRemove(new(session.MinerId, session));
}
