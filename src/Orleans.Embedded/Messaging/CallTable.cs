namespace Orleans.Embedded.Messaging;

/// <summary>
/// Requests by an id that the table gives them: the id names the slot, so nothing is searched or hashed. Taking a
/// request out succeeds once.
/// </summary>
internal sealed class CallTable
{
    private const int ShardCount = 16;
    private readonly Shard[] _shards = new Shard[ShardCount];

    public CallTable()
    {
        for (var i = 0; i < ShardCount; i++)
        {
            _shards[i] = new Shard(i);
        }
    }

    /// <summary>Puts a request in and gives it its id.</summary>
    public void Add(Message request)
    {
        _shards[Environment.CurrentManagedThreadId % ShardCount].Add(request);
    }

    /// <summary>Takes out the request with an id, or returns null when it was taken before.</summary>
    public Message? Take(long id)
    {
        return _shards[CallId.Shard(id)].Take(id);
    }

    /// <summary>The request with an id, or null when it was taken.</summary>
    public Message? Find(long id)
    {
        return _shards[CallId.Shard(id)].Find(id);
    }

    /// <summary>Takes out all requests that meet a condition.</summary>
    public List<Message> TakeWhere<TState>(TState state, Func<Message, TState, bool> condition)
    {
        var taken = new List<Message>();
        foreach (var shard in _shards)
        {
            shard.TakeWhere(state, condition, taken);
        }

        return taken;
    }

    /// <summary>An id is a sequence number, the shard and the slot, so that a slot used again has another id.</summary>
    private static class CallId
    {
        private const int SlotBits = 24;
        private const int ShardBits = 8;

        public static long Make(long sequence, int shard, int slot)
        {
            return (sequence << (SlotBits + ShardBits)) | ((long)shard << SlotBits) | (uint)slot;
        }

        public static int Shard(long id)
        {
            return (int)(id >> SlotBits) & (ShardCount - 1);
        }

        public static int Slot(long id)
        {
            return (int)id & ((1 << SlotBits) - 1);
        }
    }

    private sealed class Shard(int number)
    {
        private readonly Lock _lock = new();
        private Message?[] _slots = new Message?[16];
        private int[] _free = new int[16];
        private int _freeCount;
        private int _used;
        private int _sequence;

        public void Add(Message request)
        {
            lock (_lock)
            {
                var slot = _freeCount > 0 ? _free[--_freeCount] : NewSlot();
                _sequence = (_sequence + 1) & int.MaxValue;
                request.Id = CallId.Make(_sequence, number, slot);
                _slots[slot] = request;
            }
        }

        public Message? Take(long id)
        {
            var slot = CallId.Slot(id);
            lock (_lock)
            {
                if (slot < _used && _slots[slot] is { } request && request.Id == id)
                {
                    Free(slot);
                    return request;
                }

                return null;
            }
        }

        public Message? Find(long id)
        {
            var slot = CallId.Slot(id);
            lock (_lock)
            {
                return slot < _used && _slots[slot] is { } request && request.Id == id ? request : null;
            }
        }

        public void TakeWhere<TState>(TState state, Func<Message, TState, bool> condition, List<Message> taken)
        {
            lock (_lock)
            {
                for (var slot = 0; slot < _used; slot++)
                {
                    if (_slots[slot] is { } request && condition(request, state))
                    {
                        taken.Add(request);
                        Free(slot);
                    }
                }
            }
        }

        private int NewSlot()
        {
            if (_used == _slots.Length)
            {
                Array.Resize(ref _slots, _used * 2);
                Array.Resize(ref _free, _used * 2);
            }

            return _used++;
        }

        private void Free(int slot)
        {
            _slots[slot] = null;
            _free[_freeCount++] = slot;
        }
    }
}
