using System.Security.Cryptography;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace BTTInferGrid.Bench.Idle;

/// <summary>What all idle nodes offer, and how many messages they have exchanged with the front.</summary>
/// <param name="Front">The front that they dial.</param>
/// <param name="Offer">Their offer.</param>
/// <param name="Answer">Tokens that they repeat as the answer to each request, so that they pass the grid's probe.</param>
internal sealed record IdleNodes(Uri Front, Offer Offer, IReadOnlyList<int> Answer)
{
    private long _sent;
    private long _received;

    public long Sent => Volatile.Read(ref _sent);

    public long Received => Volatile.Read(ref _received);

    public void CountSent() => Interlocked.Increment(ref _sent);

    public void CountReceived() => Interlocked.Increment(ref _received);
}

/// <summary>
/// A node with a connection and a key of its own that serves nobody: it passes the grid's probe, and then reports its
/// status every 5 s.
/// </summary>
internal sealed class IdleNode : IDisposable
{
    // Longer than a message needs, so that the front measures a speed.
    private static readonly TimeSpan DecodeTime = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PingPeriod = TimeSpan.FromSeconds(5);

    // Longer than a node should wait, since a busy machine must not end the measurement.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly IdleNodes _nodes;
    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<FromNode, ToNode> _call;
    private readonly SemaphoreSlim _writing = new(1);

    private IdleNode(IdleNodes nodes)
    {
        _nodes = nodes;
        _channel = GrpcChannel.ForAddress(nodes.Front, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { KeepAlivePingDelay = PingPeriod, KeepAlivePingTimeout = Patience },
            DisposeHttpClient = true,
            CompressionProviders = [],
        });
        _call = new Link.V1.Link.LinkClient(_channel).Connect();
    }

    /// <summary>Opens a link and offers the model. Returns when the node has answered the grid's first request.</summary>
    public static async Task<IdleNode> JoinAsync(IdleNodes nodes, CancellationToken cancellationToken)
    {
        var node = new IdleNode(nodes);
        try
        {
            await node.ProveAsync(cancellationToken);
            await node.SendAsync(new FromNode { Offer = nodes.Offer });
            await node.AnswerAsync((await node.NextAsync(ToNode.KindOneofCase.Generate, cancellationToken)).Generate);
            return node;
        }
        catch
        {
            node.Dispose();
            throw;
        }
    }

    /// <summary>Serves until the cancellation. A link that ends earlier is an error.</summary>
    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await await Task.WhenAny(ReadAsync(cancellationToken), ReportAsync(cancellationToken));
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The bench is over.
        }
    }

    public void Dispose()
    {
        _call.Dispose();
        _channel.Dispose();
        _writing.Dispose();
    }

    private async Task ProveAsync(CancellationToken cancellationToken)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var nonce = RandomNumberGenerator.GetBytes(LinkProtocol.NonceBytes);
        var audience = _nodes.Front.Host;
        await SendAsync(new FromNode
        {
            Hello = new Hello
            {
                Version = LinkProtocol.Version,
                Role = LinkProtocol.MinerRole,
                Audience = audience,
                Nonce = ByteString.CopyFrom(nonce),
                Software = "bench",
            },
        });
        var asked = (await NextAsync(ToNode.KindOneofCase.Challenge, cancellationToken)).Challenge;
        var challenge = new LinkChallenge(
            asked.Grid, audience, LinkProtocol.MinerRole, nonce, asked.Nonce.Memory, asked.Expires);
        await SendAsync(new FromNode
        {
            Proof = new Proof
            {
                Scheme = P256ProofVerifier.SchemeName,
                PublicKey = ByteString.CopyFrom(key.ExportSubjectPublicKeyInfo()),
                Signature = ByteString.CopyFrom(key.SignData(
                    challenge.ToBytes(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
            },
        });
        await NextAsync(ToNode.KindOneofCase.Welcome, cancellationToken);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await AnswerAsync((await NextAsync(ToNode.KindOneofCase.Generate, cancellationToken)).Generate);
        }
    }

    private async Task AnswerAsync(Generate request)
    {
        var tokens = Enumerable.Range(0, request.MaxTokens).Select(i => _nodes.Answer[i % _nodes.Answer.Count]).ToList();
        await SendAsync(new FromNode { Tokens = new Tokens { Job = request.Job, Tokens_ = { tokens[0] } } });
        await Task.Delay(DecodeTime, TimeProvider.System);
        await SendAsync(new FromNode { Tokens = new Tokens { Job = request.Job, Tokens_ = { tokens.Skip(1) } } });
        await SendAsync(new FromNode
        {
            Result = new Result
            {
                Job = request.Job,
                StopReason = Result.Types.StopReason.MaxTokens,
                PromptTokens = request.Prompt.Count,
                OutputTokens = tokens.Count,
            },
        });
    }

    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        // Nodes report at different times.
        await Task.Delay(LinkProtocol.IdlePeriod * Random.Shared.NextDouble(), TimeProvider.System, cancellationToken);
        while (true)
        {
            await SendAsync(new FromNode { Status = new Link.V1.Status() });
            await Task.Delay(LinkProtocol.IdlePeriod, TimeProvider.System, cancellationToken);
        }
    }

    private async Task SendAsync(FromNode message)
    {
        await _writing.WaitAsync();
        try
        {
            await _call.RequestStream.WriteAsync(message);
        }
        finally
        {
            _writing.Release();
        }

        _nodes.CountSent();
    }

    /// <summary>The next message of a kind; others but a Goodbye are ignored.</summary>
    private async Task<ToNode> NextAsync(ToNode.KindOneofCase kind, CancellationToken cancellationToken)
    {
        while (await _call.ResponseStream.MoveNext(cancellationToken))
        {
            var message = _call.ResponseStream.Current;
            _nodes.CountReceived();
            if (message.KindCase == kind)
            {
                return message;
            }

            if (message.KindCase == ToNode.KindOneofCase.Goodbye)
            {
                throw new InvalidOperationException($"The front ended a link ({message.Goodbye.Reason}): {message.Goodbye.Text}");
            }
        }

        throw new InvalidOperationException("The front ended a link without a reason.");
    }
}
