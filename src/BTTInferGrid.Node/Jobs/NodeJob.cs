using System.Threading.Channels;
using BTTInferGrid.Link.V1;

namespace BTTInferGrid.Node.Jobs;

/// <summary>One job of a session.</summary>
/// <param name="number">The number that the grid has given it.</param>
/// <param name="id">Its id in the grid, for the log.</param>
/// <param name="profile">The profile that it is for.</param>
internal abstract class NodeJob(ulong number, string id, string profile)
{
    /// <summary>The number that the grid has given it.</summary>
    public ulong Number => number;

    /// <summary>Its id in the grid: a stranger's text.</summary>
    public string Id => id;

    /// <summary>The profile that it is for.</summary>
    public string Profile => profile;

    /// <summary>Cancelled when the job's end is not awaited any more.</summary>
    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>Completes when the job has ended, however that was.</summary>
    public Task Ended { get; set; } = Task.CompletedTask;

    /// <summary>Whether the job waits for its turn in the engine.</summary>
    public virtual bool IsWaiting => false;

    /// <summary>Allows more tokens to be sent.</summary>
    public virtual void Grant(uint tokens)
    {
    }

    /// <summary>Serves the job, and sends all of it.</summary>
    public abstract Task ServeAsync(
        NodeEngine engine, ChannelWriter<FromNode> to, CancellationToken cancellationToken);
}
