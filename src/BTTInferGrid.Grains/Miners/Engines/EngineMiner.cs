using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Miners.Sessions;
using BTTInferGrid.Link;
using BTTInferGrid.Node;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BTTInferGrid.Grains.Miners.Engines;

/// <summary>Keeps the engine of this process in the grid as a miner, by a session that nothing but the process ends.</summary>
internal sealed partial class EngineMiner(
    NodeEngine engine, INodeCredential credential, IOptions<NodeOptions> options, MinerSessions sessions,
    MinerAttachment attachment, IHostApplicationLifetime host, TimeProvider time, ILogger<EngineMiner> logger) : BackgroundService
{
    private string _end = "its silo stops.";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var offer = new MinerOffer(
            credential.Identity, options.Value.Model, engine.Profile, engine.ContextTokens, engine.Slots, engine.Backend,
            new MinerAsk(options.Value.PromptPrice, options.Value.OutputPrice));
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var session = new EngineSession(credential.Identity, offer, engine, reason =>
        {
            _end = reason;
            closed.Cancel();
        }, time);
        sessions.Add(session);
        try
        {
            await attachment.AttachAsync(session, offer, closed.Token);
            LogJoined(session.MinerId, Environment.ProcessId, offer.Model);
            while (true)
            {
                await attachment.ReportAsync(session);
                var pause = Task.Delay(LinkProtocol.BusyPeriod, time, closed.Token);
                await (engine.Draining.IsCompleted ? pause : Task.WhenAny(pause, engine.Draining));
                closed.Token.ThrowIfCancellationRequested();
            }
        }
        catch (RequestRefusedException refused)
        {
            Fail(session.MinerId, refused.Message);
        }
        catch (OperationCanceledException) when (closed.IsCancellationRequested)
        {
            if (!stoppingToken.IsCancellationRequested)
            {
                Fail(session.MinerId, _end);
            }
        }
        finally
        {
            await DetachAsync(session);
        }
    }

    private async Task DetachAsync(EngineSession session)
    {
        try
        {
            await attachment.DetachAsync(session, _end);
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException or GridException)
        {
            // The silo's last report says the same.
            LogNotDetached(failure, session.MinerId);
        }
    }

    private void Fail(string minerId, string reason)
    {
        LogNotAdmitted(minerId, reason);
        Environment.ExitCode = 1;
        host.StopApplication();
    }

    [LoggerMessage(2341, LogLevel.Information, "Miner {MinerId} (process {Pid}) joins its own silo with model {Model}")]
    private partial void LogJoined(string minerId, int pid, string model);

    [LoggerMessage(2343, LogLevel.Warning, "The end of this silo's own miner {MinerId} is not recorded")]
    private partial void LogNotDetached(Exception failure, string minerId);

    [LoggerMessage(2342, LogLevel.Critical, "The grid has ended the session of this silo's own miner {MinerId}; the process ends: {Reason}")]
    private partial void LogNotAdmitted(string minerId, string reason);
}
