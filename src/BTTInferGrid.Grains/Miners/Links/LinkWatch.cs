using BTTInferGrid.Link;
using Reason = BTTInferGrid.Link.V1.Goodbye.Types.Reason;

namespace BTTInferGrid.Grains.Miners.Links;

/// <summary>
/// Measures how long a node has sent nothing, read nothing or offered nothing. Only <see cref="Check"/> counts time, one
/// <see cref="Period"/> at most: a pause of this process is nobody's silence. <see cref="Check"/> has one caller at a time,
/// the other members are thread safe.
/// </summary>
/// <param name="offerTimeout">Longest time to the first offer.</param>
internal sealed class LinkWatch(TimeSpan offerTimeout)
{
    /// <summary>Time between two checks, and the longest that one counts.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private volatile bool _hasOffered;
    private volatile bool _isHandling;
    private volatile bool _isWriting;

    // The period in which something happens counts for nothing, because it has begun before.
    private bool _hasReceived = true;
    private bool _hasWritten;
    private bool _wasBusy;
    private TimeSpan _withoutOffer = -Period;
    private TimeSpan _silence;
    private TimeSpan _busySilence;
    private TimeSpan _writing;

    /// <summary>The node has sent a message, which this side handles until <see cref="Handled"/>.</summary>
    public void Received()
    {
        _isHandling = true;
        Volatile.Write(ref _hasReceived, true);
    }

    /// <summary>This side can read the next message.</summary>
    public void Handled() => _isHandling = false;

    /// <summary>The node has made its first offer.</summary>
    public void Offered() => _hasOffered = true;

    /// <summary>A write to the node has begun.</summary>
    public void WriteBegins()
    {
        Volatile.Write(ref _hasWritten, true);
        _isWriting = true;
    }

    /// <summary>The write has ended.</summary>
    public void WriteEnded()
    {
        _isWriting = false;
        Volatile.Write(ref _hasWritten, true);
    }

    /// <summary>Finds out whether the session must end.</summary>
    /// <param name="elapsed">Time since the last check.</param>
    /// <param name="isBusy">Whether jobs run.</param>
    /// <returns>The reason, and the same as a text; null while the session may go on.</returns>
    public (Reason Reason, string Text)? Check(TimeSpan elapsed, bool isBusy)
    {
        var step = elapsed < Period ? elapsed : Period;

        // While this side handles a message it does not read, so it cannot know whether the node is silent.
        var isHeard = Interlocked.Exchange(ref _hasReceived, false) || _isHandling;
        _silence = isHeard ? TimeSpan.Zero : _silence + step;
        _busySilence = isHeard || !isBusy || !_wasBusy ? TimeSpan.Zero : _busySilence + step;
        _writing = Interlocked.Exchange(ref _hasWritten, false) || !_isWriting ? TimeSpan.Zero : _writing + step;
        _withoutOffer += step;
        _wasBusy = isBusy;

        if (!_hasOffered && _withoutOffer >= offerTimeout)
        {
            return (Reason.Silent, "it offered nothing.");
        }

        if (_silence >= LinkProtocol.IdleSilence || _busySilence >= LinkProtocol.BusySilence)
        {
            var silence = _busySilence >= LinkProtocol.BusySilence ? LinkProtocol.BusySilence : LinkProtocol.IdleSilence;
            return (Reason.Silent, $"nothing was heard of it for {silence.TotalSeconds:0} s.");
        }

        return _writing >= LinkProtocol.IdleSilence
            ? (Reason.TooSlow, $"it read nothing for {LinkProtocol.IdleSilence.TotalSeconds:0} s.")
            : null;
    }
}
