using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Orleans.Embedded.Serialization;
using Orleans.Serialization;

namespace Orleans.Embedded.Networking;

/// <summary>
/// How a connection begins: Hello and Challenge say who the two ends are and bring random bytes, Proof and Welcome prove
/// it. Both proofs are about the bytes of the first two frames, so nothing that was said can be changed on the way. The
/// caller proves first: a listener tells nobody anything that the cluster's secret could be guessed from.
/// </summary>
internal sealed class Handshake
{
    /// <summary>The versions of the protocol that are spoken here.</summary>
    public const int MinVersion = 1;

    /// <inheritdoc cref="MinVersion" />
    public const int MaxVersion = 1;

    public const int NonceBytes = 32;

    /// <summary>Who has proved nothing yet gets this much memory.</summary>
    private const int MaxFrameBytes = 4 * 1024;

    private readonly IDuplexPipe _pipe;
    private readonly IHandshakePolicy _policy;
    private readonly CancellationToken _cancellation;

    private Handshake(IDuplexPipe pipe, IHandshakePolicy policy, CancellationToken cancellation)
    {
        _pipe = pipe;
        _policy = policy;
        _cancellation = cancellation;
    }

    /// <summary>Opens a connection; returns who is at the other end.</summary>
    /// <param name="pipe">The carrier.</param>
    /// <param name="policy">Who this end is.</param>
    /// <param name="target">The name of who is wanted; empty for anybody.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="clock">Measures that.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConnectionClosedException">One side refused, or the carrier ended.</exception>
    public static Task<PeerIdentity> CallAsync(
        IDuplexPipe pipe,
        IHandshakePolicy policy,
        string target,
        TimeSpan timeout,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        return RunAsync(
            pipe, policy, timeout, clock, (handshake) => handshake.CallAsync(target), cancellationToken);
    }

    /// <summary>Lets somebody open a connection; returns who it is.</summary>
    /// <inheritdoc cref="CallAsync(IDuplexPipe, IHandshakePolicy, string, TimeSpan, TimeProvider, CancellationToken)" />
    public static Task<PeerIdentity> ListenAsync(
        IDuplexPipe pipe,
        IHandshakePolicy policy,
        TimeSpan timeout,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        return RunAsync(
            pipe, policy, timeout, clock, static handshake => handshake.ListenAsync(), cancellationToken);
    }

    /// <summary>Refuses whoever called, without waiting for what it says.</summary>
    /// <exception cref="ConnectionClosedException">Always, with the reason.</exception>
    public static ValueTask TurnAwayAsync(
        IDuplexPipe pipe, IHandshakePolicy policy, CloseReason reason, CancellationToken cancellationToken)
    {
        return new Handshake(pipe, policy, cancellationToken).RefuseAsync(reason);
    }

    private static async Task<PeerIdentity> RunAsync(
        IDuplexPipe pipe,
        IHandshakePolicy policy,
        TimeSpan timeout,
        TimeProvider clock,
        Func<Handshake, Task<PeerIdentity>> steps,
        CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        try
        {
            return await steps(new Handshake(pipe, policy, both.Token));
        }
        catch (OperationCanceledException error) when (time.IsCancellationRequested)
        {
            throw new ConnectionClosedException(
                new CloseReason(CloseCode.HandshakeTimeout, $"The handshake took longer than {timeout}."), error);
        }
        catch (Exception error) when (error is not (OperationCanceledException or ConnectionClosedException))
        {
            throw new ConnectionClosedException(CloseReason.Lost with { Text = error.Message }, error);
        }
    }

    private async Task<PeerIdentity> CallAsync(string target)
    {
        var hello = new Hello(MinVersion, MaxVersion, _policy.Self, target, NewNonce()).Write();
        await SendAsync(FrameKind.Hello, hello);
        var answer = await ReceiveAsync(FrameKind.Challenge);
        var challenge = await UnderstandAsync(() => Challenge.Read(answer));
        var peer = challenge.Self;
        if (challenge.Version is < MinVersion or > MaxVersion)
        {
            await RefuseAsync(CloseCode.VersionMismatch, $"Version {challenge.Version} is not spoken here.");
        }

        if (target.Length > 0 && !string.Equals(peer.Name, target, StringComparison.Ordinal))
        {
            await RefuseAsync(CloseCode.WrongTarget, $"{target} was called and {peer.Name} answered.");
        }

        await AdmitAsync(peer);
        var transcript = Transcript(hello, answer);
        await SendAsync(
            FrameKind.Proof, await _policy.ProveAsync(HandshakeSide.Caller, peer, transcript, _cancellation));
        var proof = await ReceiveAsync(FrameKind.Welcome);
        await VerifyAsync(HandshakeSide.Listener, peer, transcript, proof);
        return peer;
    }

    private async Task<PeerIdentity> ListenAsync()
    {
        var call = await ReceiveAsync(FrameKind.Hello);
        var hello = await UnderstandAsync(() => Hello.Read(call));
        var peer = hello.Self;
        var version = Math.Min(hello.MaxVersion, MaxVersion);
        if (version < Math.Max(hello.MinVersion, MinVersion))
        {
            await RefuseAsync(
                CloseCode.VersionMismatch,
                $"The caller speaks versions {hello.MinVersion} to {hello.MaxVersion} of the protocol, "
                + $"this node {MinVersion} to {MaxVersion}.");
        }

        if (hello.Target.Length > 0 && !string.Equals(hello.Target, _policy.Self.Name, StringComparison.Ordinal))
        {
            await RefuseAsync(CloseCode.WrongTarget, $"{_policy.Self.Name} is here, not the one that was called.");
        }

        await AdmitAsync(peer);
        var challenge = new Challenge(version, _policy.Self, NewNonce()).Write();
        await SendAsync(FrameKind.Challenge, challenge);
        var transcript = Transcript(call, challenge);
        var proof = await ReceiveAsync(FrameKind.Proof);
        await VerifyAsync(HandshakeSide.Caller, peer, transcript, proof);
        await SendAsync(
            FrameKind.Welcome, await _policy.ProveAsync(HandshakeSide.Listener, peer, transcript, _cancellation));
        return peer;
    }

    private static byte[] NewNonce()
    {
        return RandomNumberGenerator.GetBytes(NonceBytes);
    }

    /// <summary>What the proofs are about. The hash of each part, so that no byte can move from one to the other.</summary>
    private static byte[] Transcript(byte[] hello, byte[] challenge)
    {
        return [.. SHA256.HashData(hello), .. SHA256.HashData(challenge)];
    }

    private async ValueTask AdmitAsync(PeerIdentity peer)
    {
        if (!string.Equals(peer.ClusterId, _policy.Self.ClusterId, StringComparison.Ordinal))
        {
            await RefuseAsync(CloseCode.WrongCluster, "The two nodes belong to different clusters.");
        }

        if (_policy.Refuse(peer) is { } reason)
        {
            await RefuseAsync(reason);
        }
    }

    private async ValueTask VerifyAsync(
        HandshakeSide side, PeerIdentity peer, byte[] transcript, byte[] proof)
    {
        if (!await _policy.VerifyAsync(side, peer, transcript, proof, _cancellation))
        {
            await RefuseAsync(CloseCode.NotAuthenticated, $"The proof of {peer} is missing or wrong.");
        }
    }

    private async ValueTask<T> UnderstandAsync<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SerializerException error)
        {
            await RefuseAsync(CloseCode.Malformed, error.Message);
            throw;
        }
    }

    private ValueTask RefuseAsync(CloseCode code, string text)
    {
        return RefuseAsync(new CloseReason(code, text));
    }

    private async ValueTask RefuseAsync(CloseReason reason)
    {
        using var writer = new WireWriter(null);
        reason.Write(writer);
        await SendAsync(FrameKind.Close, writer.Written.ToArray());
        throw new ConnectionClosedException(reason);
    }

    private async ValueTask SendAsync(FrameKind kind, byte[] payload)
    {
        Frame.WriteHeader(_pipe.Output.GetSpan(Frame.HeaderBytes), kind, payload.Length);
        _pipe.Output.Advance(Frame.HeaderBytes);
        _pipe.Output.Write(payload);
        await _pipe.Output.FlushAsync(_cancellation);
    }

    private async ValueTask<byte[]> ReceiveAsync(FrameKind expected)
    {
        while (true)
        {
            var result = await _pipe.Input.ReadAsync(_cancellation);
            var buffer = result.Buffer;
            var (start, payload, kind) = (buffer.Start, default(byte[]), default(FrameKind));
            try
            {
                if (Frame.TryRead(ref buffer, MaxFrameBytes, out var frame))
                {
                    (payload, kind) = (frame.Payload.ToArray(), frame.Kind);
                    start = buffer.Start;
                }
            }
            catch (ConnectionClosedException error)
            {
                await RefuseAsync(error.Reason);
            }
            finally
            {
                _pipe.Input.AdvanceTo(start, payload is null ? buffer.End : start);
            }

            if (payload is not null)
            {
                return kind == expected ? payload : await RejectAsync(kind, payload, expected);
            }

            if (result.IsCompleted)
            {
                throw new ConnectionClosedException(CloseReason.Lost);
            }
        }
    }

    private async ValueTask<byte[]> RejectAsync(FrameKind kind, byte[] payload, FrameKind expected)
    {
        if (kind == FrameKind.Close)
        {
            throw new ConnectionClosedException(CloseReason.Read(payload));
        }

        await RefuseAsync(CloseCode.Malformed, $"{expected} was to come in the handshake, and {kind} came.");
        return payload;
    }
}
