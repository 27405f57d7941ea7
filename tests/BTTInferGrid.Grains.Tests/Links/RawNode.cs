using System.Security.Cryptography;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using BTTInferGrid.Testing;
using FluentAssertions;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Reason = BTTInferGrid.Link.V1.Goodbye.Types.Reason;
using Status = BTTInferGrid.Link.V1.Status;

namespace BTTInferGrid.Grains.Tests.Links;

/// <summary>A node that sends whatever the test wants: any message, or any bytes in place of one.</summary>
internal sealed class RawNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static bytes => bytes, static bytes => bytes);
    private static readonly Method<byte[], byte[]> Connect = new(
        MethodType.DuplexStreaming, "bttgrid.link.v1.Link", "Connect", Bytes, Bytes);

    private readonly LinkGrid _grid;
    private readonly ECDsa _key;
    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<byte[], byte[]> _call;
    private readonly List<ToNode> _kept = [];
    private readonly CancellationTokenSource _limit = new(Patience);

    public RawNode(LinkGrid grid, ECDsa? key, Metadata? headers = null)
    {
        _grid = grid;
        _key = key ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _channel = GrpcChannel.ForAddress(grid.Url, new GrpcChannelOptions
        {
            MaxSendMessageSize = null,
            MaxReceiveMessageSize = null,
        });
        _call = _channel.CreateCallInvoker().AsyncDuplexStreamingCall(Connect, null, new CallOptions(headers));
    }

    public string Identity => P256ProofVerifier.IdentityOf(PublicKey.Span);

    public ReadOnlyMemory<byte> PublicKey => _key.ExportSubjectPublicKeyInfo();

    public ByteString Nonce { get; } = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(LinkProtocol.NonceBytes));

    /// <summary>A Hello that the grid accepts.</summary>
    public Hello Hello() => new()
    {
        Version = LinkProtocol.Version,
        Role = LinkProtocol.MinerRole,
        Audience = _grid.Url.Host,
        Nonce = Nonce,
        Software = "raw/1",
    };

    /// <summary>An offer that the grid accepts.</summary>
    public Offer Offer() => new()
    {
        Model = TinyModel.Id,
        Profile = _grid.Model.Profile,
        ContextTokens = TinyModel.ContextTokens,
        Slots = 4,
        Backend = "raw",
    };

    public Task SendAsync(FromNode message) => SendAsync(message.ToByteArray());

    /// <summary>Sends any bytes as a message. If the grid has ended the stream meanwhile, its answer shows why.</summary>
    public async Task SendAsync(byte[] message)
    {
        try
        {
            await _call.RequestStream.WriteAsync(message, _limit.Token);
        }
        catch (Exception ended) when (ended is RpcException or InvalidOperationException)
        {
            // Reading shows it.
        }
    }

    public Task SendAsync(Hello message) => SendAsync(new FromNode { Hello = message });

    public Task SendAsync(Proof message) => SendAsync(new FromNode { Proof = message });

    public Task SendAsync(Offer message) => SendAsync(new FromNode { Offer = message });

    public Task SendAsync(Status message) => SendAsync(new FromNode { Status = message });

    public Task SendAsync(Tokens message) => SendAsync(new FromNode { Tokens = message });

    public Task SendAsync(Result message) => SendAsync(new FromNode { Result = message });

    /// <summary>Ends its half of the stream.</summary>
    public Task CompleteAsync() => _call.RequestStream.CompleteAsync();

    /// <summary>The next message of the grid; null at the end of the stream.</summary>
    public async Task<ToNode?> NextAsync() =>
        await _call.ResponseStream.MoveNext(_limit.Token) ? ToNode.Parser.ParseFrom(_call.ResponseStream.Current) : null;

    /// <summary>The next message of a kind; those that come before it are kept for later.</summary>
    public async Task<ToNode> NextAsync(ToNode.KindOneofCase kind)
    {
        if (_kept.FindIndex(message => message.KindCase == kind) is >= 0 and var index)
        {
            var kept = _kept[index];
            _kept.RemoveAt(index);
            return kept;
        }

        while (await NextAsync() is { } message)
        {
            if (message.KindCase == kind)
            {
                return message;
            }

            message.KindCase.Should().NotBe(ToNode.KindOneofCase.Goodbye, "{0} is expected; {1}", kind, message);
            _kept.Add(message);
        }

        throw new InvalidOperationException($"The stream ended before {kind}.");
    }

    /// <summary>The next job that is not one of the grid's probes.</summary>
    public async Task<Generate> NextJobAsync()
    {
        while (true)
        {
            var job = (await NextAsync(ToNode.KindOneofCase.Generate)).Generate;
            if (!job.Tenant.StartsWith("probe-", StringComparison.Ordinal))
            {
                return job;
            }
        }
    }

    /// <summary>Reads on to the Goodbye, after which the stream ends.</summary>
    public async Task<Goodbye> GoodbyeAsync()
    {
        while (await NextAsync() is { } message)
        {
            if (message.KindCase == ToNode.KindOneofCase.Goodbye)
            {
                await RequireEndAsync();
                return message.Goodbye;
            }
        }

        throw new InvalidOperationException("The stream ended without a Goodbye.");

        async Task RequireEndAsync()
        {
            try
            {
                (await NextAsync()).Should().BeNull("a Goodbye is the last message");
            }
            catch (RpcException closed) when (closed.StatusCode == StatusCode.Internal)
            {
                // A front that stops may close the connection before the end of the stream is read.
            }
        }
    }

    public async Task ExpectGoodbyeAsync(Reason reason, string because = "") =>
        (await GoodbyeAsync()).Reason.Should().Be(reason, because);

    /// <summary>Sends a Hello and returns what the grid wants to be signed.</summary>
    public async Task<LinkChallenge> HelloAsync(Hello? hello = null)
    {
        hello ??= Hello();
        await SendAsync(hello);
        var challenge = (await NextAsync(ToNode.KindOneofCase.Challenge)).Challenge;
        return new LinkChallenge(
            challenge.Grid, hello.Audience, hello.Role, hello.Nonce.Memory, challenge.Nonce.Memory, challenge.Expires);
    }

    public Proof Prove(LinkChallenge challenge) => new()
    {
        Scheme = P256ProofVerifier.SchemeName,
        PublicKey = ByteString.CopyFrom(PublicKey.Span),
        Signature = ByteString.CopyFrom(
            _key.SignData(challenge.ToBytes(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
    };

    public async Task ShakeHandsAsync()
    {
        await SendAsync(Prove(await HelloAsync()));
        (await NextAsync(ToNode.KindOneofCase.Welcome)).Welcome.Identity.Should().Be(Identity);
    }

    /// <summary>Sends an offer and waits until the grid has accepted it.</summary>
    public async Task OfferAsync()
    {
        await SendAsync(Offer());
        await PingAsync();
    }

    /// <summary>Fails the grid's measurement, after which it sends no jobs of its own for a while.</summary>
    public async Task FailProbeAsync()
    {
        var probe = (await NextAsync(ToNode.KindOneofCase.Generate)).Generate;
        probe.Tenant.Should().StartWith("probe-");
        await SendAsync(new FromNode { Fault = new Fault { Job = probe.Job } });
        await PingAsync();
    }

    /// <summary>Waits until the grid has handled everything that was sent before.</summary>
    public async Task PingAsync()
    {
        await SendAsync(new Status());
        await NextAsync(ToNode.KindOneofCase.Alive);
    }

    public ValueTask DisposeAsync()
    {
        _call.Dispose();
        _channel.Dispose();
        _limit.Dispose();
        return ValueTask.CompletedTask;
    }
}
