using Orleans.Embedded.Messaging;
using Orleans.Runtime;

namespace Orleans.Embedded.Activations;

/// <summary>
/// Decides when the requests of one activation start. Phases: shut until the activation is ready, open, closing until
/// the running requests have finished, gone. Invariant: at most one exclusive request runs, and none beside a read-only
/// one.
/// </summary>
internal sealed class RequestGate(ITurnQueue turns, bool isReentrant)
{
    private MessageList _waiting;
    private MessageList _running;
    private int _exclusive;
    private int _readOnly;
    private Phase _phase;

    private enum Phase : byte
    {
        Shut,
        Open,
        Closing,
        Gone,
    }

    /// <summary>Whether the activation is ready and no request runs or waits.</summary>
    public bool IsIdle
    {
        get
        {
            lock (this)
            {
                return _phase == Phase.Open && _running.Count == 0 && _waiting.Count == 0;
            }
        }
    }

    /// <summary>Starts a request or lets it wait. False when the activation is gone.</summary>
    public bool TryAdmit(Message request)
    {
        lock (this)
        {
            if (_phase == Phase.Gone)
            {
                return false;
            }

            if (_phase == Phase.Open && MayStart(request))
            {
                Start(request);
            }
            else
            {
                _waiting.Add(request);
            }

            return true;
        }
    }

    /// <summary>Begins to start requests. False when the activation was told to end before.</summary>
    public bool TryOpen()
    {
        lock (this)
        {
            if (_phase != Phase.Shut)
            {
                return false;
            }

            _phase = Phase.Open;
            StartWaiting(isOpening: true);
            return true;
        }
    }

    /// <summary>Ends a request. True when it was the last one of a closing activation.</summary>
    public bool Complete(Message request)
    {
        lock (this)
        {
            _running.Remove(request);
            if (IsReadOnly(request))
            {
                _readOnly--;
            }
            else if (!Interleaves(request))
            {
                _exclusive--;
            }

            if (_phase == Phase.Open && _waiting.Count > 0 && _exclusive == 0 && _readOnly == 0)
            {
                StartWaiting(isOpening: false);
            }

            return _phase == Phase.Closing && _running.Count == 0;
        }
    }

    /// <summary>Starts no more requests. True when none runs and the activation was ready.</summary>
    public bool Close()
    {
        lock (this)
        {
            var wasOpen = _phase == Phase.Open;
            _phase = Phase.Closing;
            return wasOpen && _running.Count == 0;
        }
    }

    /// <summary>Starts no more requests if none runs or waits; otherwise nothing changes.</summary>
    public bool TryCloseIdle()
    {
        lock (this)
        {
            if (!IsIdle)
            {
                return false;
            }

            _phase = Phase.Closing;
            return true;
        }
    }

    /// <summary>Refuses all further requests and hands out those that wait.</summary>
    public List<Message> Leave()
    {
        lock (this)
        {
            _phase = Phase.Gone;
            var left = new List<Message>(_waiting.Count);
            while (_waiting.First is { } request)
            {
                _waiting.Remove(request);
                left.Add(request);
            }

            return left;
        }
    }

    /// <summary>Drops a request if it waits.</summary>
    public bool TryWithdraw(Message request)
    {
        lock (this)
        {
            var waiting = _waiting.First;
            while (waiting is not null && !ReferenceEquals(waiting, request))
            {
                waiting = waiting.Next;
            }

            if (waiting is not null)
            {
                _waiting.Remove(waiting);
            }

            return waiting is not null;
        }
    }

    /// <summary>Drops a request that waits, or returns the one that runs.</summary>
    public Message? Cancel(SiloAddress sender, long id)
    {
        lock (this)
        {
            if (Find(_waiting, sender, id) is { } waiting)
            {
                _waiting.Remove(waiting);
                return null;
            }

            return Find(_running, sender, id);
        }
    }

    private static Message? Find(MessageList list, SiloAddress sender, long id)
    {
        var request = list.First;
        while (request is not null && (request.Id != id || !request.SendingSilo.Equals(sender)))
        {
            request = request.Next;
        }

        return request;
    }

    private bool MayStart(Message request)
    {
        return Interleaves(request) || (_exclusive == 0 && (_readOnly == 0 || IsReadOnly(request)));
    }

    private bool Interleaves(Message request)
    {
        return isReentrant || request.Request.Method.IsAlwaysInterleave;
    }

    private bool IsReadOnly(Message request)
    {
        return !Interleaves(request) && request.Request.Method.IsReadOnly;
    }

    private void Start(Message request)
    {
        _running.Add(request);
        if (IsReadOnly(request))
        {
            _readOnly++;
        }
        else if (!Interleaves(request))
        {
            _exclusive++;
        }

        turns.Enqueue(request);
    }

    /// <summary>
    /// Starts in order what may start; what may not is overtaken. Once the gate is open, interleaving requests never
    /// wait, so an exclusive request that starts ends the search.
    /// </summary>
    private void StartWaiting(bool isOpening)
    {
        var request = _waiting.First;
        while (request is not null && (isOpening || _exclusive == 0))
        {
            var next = request.Next;
            if (MayStart(request))
            {
                _waiting.Remove(request);
                Start(request);
            }

            request = next;
        }
    }
}
