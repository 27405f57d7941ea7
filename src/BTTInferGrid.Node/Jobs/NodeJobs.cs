using System.Collections.Concurrent;
using System.Threading.Channels;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.Node.Jobs;

/// <summary>The jobs of one session. One reader starts, cancels and grants; each job ends by itself.</summary>
internal sealed partial class NodeJobs(NodeEngine engine, ChannelWriter<FromNode> outgoing, ILogger logger)
{
    private readonly ConcurrentDictionary<ulong, NodeJob> _jobs = new();

    // The engine turns away what is too much for it. Jobs that have been cancelled and are about to end count here as well.
    private readonly int _mostJobs = 2 * engine.MaxJobs;

    /// <summary>Whether no job is there.</summary>
    public bool IsEmpty => _jobs.IsEmpty;

    /// <summary>Starts a job, or turns it away with a fault.</summary>
    /// <returns>False if there is a job of its number.</returns>
    public async ValueTask<bool> TryStartAsync(NodeJob job)
    {
        if (_jobs.ContainsKey(job.Number))
        {
            return false;
        }

        if (_jobs.Count >= _mostJobs)
        {
            await outgoing.WriteAsync(FaultOf(job, new EngineFault(EngineFaultKind.Busy, "", "The node has too many jobs.", true)));
            return true;
        }

        _jobs[job.Number] = job;

        // Reading a request may take long: a grammar, a prompt of a million tokens.
        job.Ended = Task.Run(() => RunAsync(job));
        return true;
    }

    /// <summary>Allows a job to send more tokens; nothing happens if it has ended.</summary>
    public void Grant(ulong number, uint tokens)
    {
        if (_jobs.TryGetValue(number, out var job))
        {
            job.Grant(tokens);
        }
    }

    /// <summary>Ends a job, of which nothing more is sent; nothing happens if it has ended.</summary>
    public void Cancel(ulong number)
    {
        if (_jobs.TryGetValue(number, out var job))
        {
            job.Cancellation.Cancel();
        }
    }

    /// <summary>Adds the numbers of the jobs that wait for their turn in the engine.</summary>
    public void AddWaiting(ICollection<ulong> numbers)
    {
        foreach (var (number, job) in _jobs)
        {
            if (job.IsWaiting)
            {
                numbers.Add(number);
            }
        }
    }

    /// <summary>Ends all jobs.</summary>
    public async Task StopAsync()
    {
        foreach (var (_, job) in _jobs)
        {
            await job.Cancellation.CancelAsync();
            await job.Ended;
        }
    }

    private async Task RunAsync(NodeJob job)
    {
        var counts = engine.TryBeginJob();
        try
        {
            if ((counts ? await ServeAsync(job) : EngineFault.Draining) is { } fault)
            {
                await outgoing.WriteAsync(FaultOf(job, fault), job.Cancellation.Token);
            }
        }
        catch (Exception over) when (over is ChannelClosedException or OperationCanceledException)
        {
            // The job is cancelled, or the session has ended.
        }
        finally
        {
            _jobs.TryRemove(job.Number, out _);
            if (counts)
            {
                engine.EndJob();
            }
        }
    }

    /// <summary>Serves a job.</summary>
    /// <returns>The fault that ended it; null if there is a result.</returns>
    private async Task<EngineFault?> ServeAsync(NodeJob job)
    {
        if (job.Profile != engine.Profile)
        {
            return new EngineFault(EngineFaultKind.Refused, "profile", $"The node runs {engine.Profile}.", true);
        }

        try
        {
            await job.ServeAsync(engine, outgoing, job.Cancellation.Token);
            return null;
        }
        catch (Exception cause) when (cause is not (ChannelClosedException or OperationCanceledException))
        {
            var fault = EngineFault.Of(cause);
            if (!fault.IsExpected)
            {
                LogFailed(cause, job.Number, NodeIdentity.IsValid(job.Id) ? job.Id : "unnamed");
            }

            return fault;
        }
    }

    private static FromNode FaultOf(NodeJob job, EngineFault fault) => new()
    {
        Fault = new Fault
        {
            Job = job.Number,
            Kind = fault.Kind switch
            {
                EngineFaultKind.Busy => Fault.Types.Kind.Busy,
                EngineFaultKind.Refused => Fault.Types.Kind.Refused,
                _ => Fault.Types.Kind.Failed,
            },
            Field = PrintableText.OneLine(fault.Field, LinkProtocol.MaxReasonLength),
            Reason = PrintableText.OneLine(fault.Reason, LinkProtocol.MaxReasonLength),
        },
    };

    [LoggerMessage(2208, LogLevel.Error, "Job {Number} ({JobId}) failed unexpectedly")]
    private partial void LogFailed(Exception error, ulong number, string jobId);
}
