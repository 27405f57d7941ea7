using System.Net;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Miners.Sessions;
using BTTInferGrid.Link.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Reason = BTTInferGrid.Link.V1.Goodbye.Types.Reason;

namespace BTTInferGrid.Grains.Miners.Links;

/// <summary>The grid's end of the link: one call is one session of one node.</summary>
internal sealed partial class LinkService(
    LinkHandshake handshake, LinkHub hub, OfferBudgets offers, MinerSessions sessions, MinerAttachment attachment,
    IOptions<LinkOptions> options, TimeProvider time, ILogger<LinkService> logger) : LinkEndpoint
{
    /// <inheritdoc/>
    public override async Task Connect(
        IAsyncStreamReader<FromNode> requestStream, IServerStreamWriter<ToNode> responseStream, ServerCallContext context)
    {
        var connection = context.CancellationToken;
        using var link = LinkConnection.Enter(context.GetHttpContext(), time);
        try
        {
            RequireNode(context);
            using var place = hub.EnterHandshake();
            var identity = await IdentifyAsync(requestStream, responseStream, context);
            await ServeAsync(identity, requestStream, responseStream, place, connection);
        }
        catch (LinkRefusedException refused)
        {
            await RefuseAsync(responseStream, refused, context);
        }
        catch (Exception) when (connection.IsCancellationRequested)
        {
            // The node has hung up.
        }
        catch (Exception malformed) when (malformed is RpcException or IOException or InvalidDataException)
        {
            await RefuseAsync(responseStream, new LinkRefusedException(Reason.BrokenProtocol, "The message cannot be read."), context);
        }
    }

    private async Task RefuseAsync(IServerStreamWriter<ToNode> to, LinkRefusedException refused, ServerCallContext context)
    {
        if (hub.Refused(refused.Reason))
        {
            LogRefused(context.Peer, refused.Reason, refused.Message);
        }

        var goodbye = LinkMessages.ToGoodbye(refused.Reason, refused.Message, refused.RetryAfter);
        await to.WriteAsync(new ToNode { Goodbye = goodbye }, context.CancellationToken);
    }

    /// <summary>Finds out who the node is, and welcomes it.</summary>
    /// <remarks>A method of its own: what limits the handshake must not live as long as the session, which can be days.</remarks>
    private async Task<string> IdentifyAsync(
        IAsyncStreamReader<FromNode> from, IServerStreamWriter<ToNode> to, ServerCallContext context)
    {
        using var limit = new CancellationTokenSource(options.Value.HandshakeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, limit.Token, hub.Stopping);
        try
        {
            var identity = await handshake.RunAsync(from, to, LocalAddressOf(context), either.Token);
            if (!offers.TryTake(identity, out var wait))
            {
                throw new LinkRefusedException(Reason.Busy, "This identity connects or offers too often.", wait);
            }

            await to.WriteAsync(new ToNode { Welcome = new Welcome { Identity = identity } }, either.Token);
            return identity;
        }
        catch (Exception) when (limit.IsCancellationRequested)
        {
            throw new LinkRefusedException(Reason.Silent, "The handshake took too long.");
        }
        catch (Exception) when (hub.Stopping.IsCancellationRequested)
        {
            throw new LinkRefusedException(Reason.Stopping, "This front stops.");
        }
    }

    private async Task ServeAsync(
        string identity, IAsyncStreamReader<FromNode> from, IServerStreamWriter<ToNode> to, LinkPlace place,
        CancellationToken connection)
    {
        var session = new LinkSession(identity, options.Value, time);
        hub.Add(session);
        var goodbye = new Goodbye { Text = "its connection ended." };
        try
        {
            goodbye = await session.RunAsync(from, to, AttachAsync, () => attachment.ReportAsync(session), connection);
        }
        finally
        {
            hub.Remove(session);
            LogEnded(identity, goodbye.Reason, goodbye.Text);
            await DetachAsync(session, goodbye.Text);
        }

        async Task AttachAsync(MinerOffer offer, CancellationToken cancellationToken)
        {
            // The handshake has taken the first offer from the budget.
            if (place.IsLeft && !offers.TryTake(identity, out _))
            {
                session.Break("it sends too many offers.");
                return;
            }

            try
            {
                if (!place.IsLeft)
                {
                    sessions.Add(session);
                    place.Dispose();
                }

                await attachment.AttachAsync(session, offer, cancellationToken);
                LogAttached(identity, offer.Slots);
            }
            catch (RequestRefusedException refused)
            {
                session.Close(SessionEnd.NotAdmitted, refused.Message);
            }
        }
    }

    private async Task DetachAsync(LinkSession session, string reason)
    {
        try
        {
            await attachment.DetachAsync(session, reason);
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException or GridException)
        {
            // The record is out of date until the miner connects again; its jobs have failed over already.
            LogNotDetached(failure, session.MinerId);
        }
    }

    /// <summary>Refuses what comes from a web page, and what travels unencrypted.</summary>
    private void RequireNode(ServerCallContext context)
    {
        if (context.GetHttpContext().Request.Headers.Origin.Count > 0)
        {
            throw new LinkRefusedException(Reason.NotAdmitted, "Web pages open no links.", LinkHandshake.LongPause);
        }

        if (!options.Value.AllowPlainText
            && context.GetHttpContext().Features.Get<ITlsHandshakeFeature>() is null
            && LocalAddressOf(context) is { } local && !IPAddress.IsLoopback(local))
        {
            throw new LinkRefusedException(
                Reason.NotAdmitted, "This front accepts links without TLS on loopback addresses only. Dial https, or its proxy.",
                TimeSpan.FromSeconds(30));
        }
    }

    private static IPAddress? LocalAddressOf(ServerCallContext context) =>
        context.GetHttpContext().Features.Get<IHttpConnectionFeature>()?.LocalIpAddress;

    [LoggerMessage(2331, LogLevel.Information, "A node at {Peer} is not let in ({Reason}): {Text}")]
    private partial void LogRefused(string peer, Reason reason, string text);

    [LoggerMessage(2332, LogLevel.Information, "Miner {MinerId} has opened a link and offers {Slots} slots")]
    private partial void LogAttached(string minerId, int slots);

    [LoggerMessage(2333, LogLevel.Information, "The link of miner {MinerId} has ended ({Reason}): {Text}")]
    private partial void LogEnded(string minerId, Reason reason, string text);

    [LoggerMessage(2334, LogLevel.Warning, "The end of miner {MinerId}'s session is not recorded")]
    private partial void LogNotDetached(Exception failure, string minerId);
}
