using System.ComponentModel;

namespace Orleans.Embedded.CodeGeneration;

/// <summary>One request to a grain: the method and its arguments.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class GrainRequest
{
    private protected GrainRequest()
    {
    }

    /// <summary>The method.</summary>
    public abstract GrainMethod Method { get; }

    /// <summary>The cancellation token among the arguments, if the method takes one.</summary>
    public virtual CancellationToken CancellationToken
    {
        get => CancellationToken.None;
        set
        {
        }
    }
}

/// <summary>A request that is answered with a value.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class GrainRequest<T> : GrainRequest
{
    /// <summary>Calls the method.</summary>
    /// <param name="target">The grain object.</param>
    public abstract ValueTask<T> Invoke(object target);
}

/// <summary>A request that is answered without a value.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class VoidGrainRequest : GrainRequest
{
    /// <summary>Calls the method.</summary>
    /// <param name="target">The grain object.</param>
    public abstract ValueTask Invoke(object target);
}

/// <summary>A request for a sequence of items.</summary>
/// <typeparam name="T">The type of the items.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class StreamGrainRequest<T> : GrainRequest
{
    /// <summary>Calls the method.</summary>
    /// <param name="target">The grain object.</param>
    public abstract IAsyncEnumerable<T> Invoke(object target);
}
