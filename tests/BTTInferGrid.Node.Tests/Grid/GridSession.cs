using System.Threading.Channels;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using Google.Protobuf;
using Grpc.Core;
using Status = BTTInferGrid.Link.V1.Status;

namespace BTTInferGrid.Node.Tests.Grid;

/// <summary>The grid's side of one session.</summary>
internal sealed class GridSession(IAsyncStreamReader<FromNode> from, IServerStreamWriter<ToNode> to)
{
    private readonly Channel<FromNode> _messages = Channel.CreateUnbounded<FromNode>();
    private readonly Channel<Status> _statuses = Channel.CreateUnbounded<Status>();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _writing = new(1);

    /// <summary>Whether each status is answered, as an honest grid does.</summary>
    public bool AnswersStatus { get; set; } = true;

    /// <summary>Completes when the node's side of the stream ends: true if the node closed it in order.</summary>
    public Task<bool> Closed => _closed.Task;

    /// <summary>Reads until the node closes its side or <see cref="End"/> is called.</summary>
    public async Task RunAsync()
    {
        var read = ReadAsync();
        await Task.WhenAny(read, _ended.Task);
    }

    /// <summary>Ends the stream from the grid's side.</summary>
    public void End() => _ended.TrySetResult();

    public async Task SendAsync(ToNode message)
    {
        await _writing.WaitAsync();
        try
        {
            await to.WriteAsync(message).Within("the node reads");
        }
        catch (ObjectDisposedException)
        {
            // The node has left before all of it was written. Reading shows that.
        }
        finally
        {
            _writing.Release();
        }
    }

    public Task GoodbyeAsync(Goodbye.Types.Reason reason, uint retryAfter = 0, string text = "") => SendAsync(new ToNode
    {
        Goodbye = new Goodbye { Reason = reason, RetryAfter = retryAfter, Text = text },
    });

    /// <summary>The next message that is not a status.</summary>
    public async Task<FromNode> NextAsync() =>
        await _messages.Reader.ReadAsync().AsTask().Within("the node sends a message");

    /// <summary>The next status.</summary>
    public async Task<Status> NextStatusAsync() =>
        await _statuses.Reader.ReadAsync().AsTask().Within("the node sends its status");

    public bool TryTakeStatus() => _statuses.Reader.TryRead(out _);

    /// <summary>Reads a node's first message.</summary>
    public async Task<Hello> HelloAsync() => (await NextAsync()).Hello;

    public Task ChallengeAsync(byte[] nonce, string grid, long expires) => SendAsync(new ToNode
    {
        Challenge = new Challenge { Grid = grid, Nonce = ByteString.CopyFrom(nonce), Expires = expires },
    });

    /// <summary>Carries the honest handshake out and checks the node's proof.</summary>
    public async Task WelcomeAsync(TimeProvider time)
    {
        var hello = await HelloAsync();
        var nonce = new byte[LinkProtocol.NonceBytes];
        nonce[0] = 1;
        var expires = time.GetUtcNow().AddSeconds(30).ToUnixTimeSeconds();
        await ChallengeAsync(nonce, ScriptedGrid.Id, expires);
        var proof = (await NextAsync()).Proof;
        var identity = new P256ProofVerifier().Verify(
            new LinkChallenge(
                ScriptedGrid.Id, hello.Audience, LinkProtocol.MinerRole, hello.Nonce.Memory, nonce, expires),
            new NodeProof(proof.Scheme, proof.PublicKey.Memory, proof.Signature.Memory));
        identity.Should().NotBeNull("the node proves who it is");
        await SendAsync(new ToNode { Welcome = new Welcome { Identity = identity } });
    }

    private async Task ReadAsync()
    {
        var closed = false;
        try
        {
            while (await from.MoveNext(CancellationToken.None))
            {
                if (from.Current.Status is not { } status)
                {
                    _messages.Writer.TryWrite(from.Current);
                    continue;
                }

                _statuses.Writer.TryWrite(status);
                if (AnswersStatus)
                {
                    await SendAsync(new ToNode { Alive = new Alive() });
                }
            }

            closed = true;
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The node is gone, or the test has ended the stream.
        }
        finally
        {
            _closed.TrySetResult(closed);
            _messages.Writer.TryComplete();
            _statuses.Writer.TryComplete();
        }
    }
}
