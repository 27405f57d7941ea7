using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.References;
using Orleans.Runtime;

namespace Orleans.Embedded.Streaming;

/// <summary>
/// What a grain interface method that returns a sequence gives its caller. Each enumeration is a call of its own.
/// </summary>
internal sealed class GrainEnumerable<T>(GrainCaller caller, GrainReference target, StreamGrainRequest<T> request)
    : IAsyncEnumerable<T>
{
    /// <summary>Items per batch unless the consumer says otherwise.</summary>
    public const int DefaultBatchSize = 100;

    public int MaxBatchSize { get; set; } = DefaultBatchSize;

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        var call = (StreamGrainRequest<T>)request.Clone();
        call.CopyArguments(caller.CopyScope);
        return new GrainEnumerator<T>(caller, target, call, MaxBatchSize, cancellationToken);
    }
}
