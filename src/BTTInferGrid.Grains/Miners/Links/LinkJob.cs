using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BTTInferGrid.Compute;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;

namespace BTTInferGrid.Grains.Miners.Links;

/// <summary>
/// One job at the end of a link. The link's reader adds what arrives, the job's reader takes all of it as one step.
/// Invariant: tokens that have arrived and were not taken are never more than the node was granted.
/// </summary>
/// <param name="credit">Grants the node more tokens.</param>
/// <param name="maxVectorValues">Values of all vectors together that the job may have; 0 for a job of tokens.</param>
internal sealed class LinkJob(Action<uint> credit, long maxVectorValues = 0) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _arrived = new(0, 1);
    private readonly List<int> _tokens = [];
    private readonly List<TokenLogProb> _logProbs = [];
    private readonly List<ImmutableArray<float>> _vectors = [];
    private int _granted = maxVectorValues > 0 ? 0 : LinkProtocol.JobCredit;
    private int _taken;
    private long _vectorValues;
    private JobResult? _result;
    private Exception? _failure;
    private bool _isWaiting;
    private bool _isDisposed;

    /// <summary>Adds tokens. False if the node was not granted so many, or the message is malformed.</summary>
    public bool TryAdd(Tokens message)
    {
        lock (_lock)
        {
            if (message.Tokens_.Count == 0 || message.Tokens_.Count > _granted
                || (message.LogProbs.Count > 0 && message.LogProbs.Count != message.Tokens_.Count))
            {
                return false;
            }

            _granted -= message.Tokens_.Count;
            var start = _tokens.Count;
            CollectionsMarshal.SetCount(_tokens, start + message.Tokens_.Count);
            for (var i = 0; i < message.Tokens_.Count; i++)
            {
                _tokens[start + i] = message.Tokens_[i];
            }

            foreach (var one in message.LogProbs)
            {
                if (LinkMessages.ToLogProb(one) is not { } logProb)
                {
                    return false;
                }

                _logProbs.Add(logProb);
            }
        }

        Signal();
        return true;
    }

    /// <summary>Adds vectors. False if there are none, or these are more values than a job may have.</summary>
    public bool TryAdd(Vectors message)
    {
        if (message.Vectors_.Count == 0)
        {
            return false;
        }

        lock (_lock)
        {
            foreach (var vector in message.Vectors_)
            {
                // A vector without values still takes room.
                _vectorValues += Math.Max(1, vector.Values.Count);
                if (_vectorValues > maxVectorValues)
                {
                    return false;
                }

                _vectors.Add(LinkMessages.ToVector(vector));
            }
        }

        return true;
    }

    /// <summary>The node has not begun the job, or goes on with it later.</summary>
    public void Wait()
    {
        lock (_lock)
        {
            _isWaiting = true;
        }

        Signal();
    }

    /// <summary>The node has ended the job.</summary>
    public void Complete(Result result)
    {
        lock (_lock)
        {
            _result ??= LinkMessages.ToResult(result);
        }

        Signal();
    }

    /// <summary>The job cannot go on.</summary>
    public void Fail(Exception failure)
    {
        lock (_lock)
        {
            _failure ??= failure;
        }

        Signal();
    }

    /// <summary>Reads the job: all tokens that have arrived at once, then the result.</summary>
    public async IAsyncEnumerable<JobEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            await _arrived.WaitAsync(cancellationToken);
            if (TakeTokens() is { } tokens)
            {
                yield return tokens;
            }
            else if (TakeWaiting())
            {
                yield return JobWaiting.Instance;
            }

            if (TakeEnd() is { } result)
            {
                yield return result;
                yield break;
            }
        }
    }

    /// <summary>Waits for the vectors of an embedding.</summary>
    public async Task<EmbedResult> ReadVectorsAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _arrived.WaitAsync(cancellationToken);
            if (TakeEnd() is not null)
            {
                return new EmbedResult([.. _vectors]);
            }
        }
    }

    /// <summary>The job's reader has left.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _arrived.Dispose();
        }
    }

    private JobTokens? TakeTokens()
    {
        JobTokens tokens;
        uint grant = 0;
        lock (_lock)
        {
            if (_tokens.Count == 0)
            {
                return null;
            }

            _isWaiting = false;
            tokens = new JobTokens([.. _tokens], [.. _logProbs]);
            _taken += _tokens.Count;
            _tokens.Clear();
            _logProbs.Clear();

            // Credit goes back in halves, so that it costs one message for many tokens.
            if (_taken >= LinkProtocol.JobCredit / 2)
            {
                grant = (uint)_taken;
                _granted += _taken;
                _taken = 0;
            }
        }

        if (grant > 0)
        {
            credit(grant);
        }

        return tokens;
    }

    private bool TakeWaiting()
    {
        lock (_lock)
        {
            var isWaiting = _isWaiting;
            _isWaiting = false;
            return isWaiting;
        }
    }

    /// <summary>The result, once everything before it was taken.</summary>
    private JobResult? TakeEnd()
    {
        lock (_lock)
        {
            if (_tokens.Count > 0)
            {
                return null;
            }

            return _failure is not null ? throw _failure : _result;
        }
    }

    private void Signal()
    {
        lock (_lock)
        {
            if (!_isDisposed && _arrived.CurrentCount == 0)
            {
                _arrived.Release();
            }
        }
    }
}
