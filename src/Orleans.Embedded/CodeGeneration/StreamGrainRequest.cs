using System.ComponentModel;
using Orleans.Embedded.Activations;
using Orleans.Embedded.Messaging;

namespace Orleans.Embedded.CodeGeneration;

/// <summary>A request for a sequence of items. It travels inside the first request for items.</summary>
/// <typeparam name="T">The type of the items.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class StreamGrainRequest<T> : GrainRequest
{
    /// <summary>Calls the method.</summary>
    /// <param name="target">The grain object.</param>
    public abstract IAsyncEnumerable<T> Invoke(object target);

    internal override void Start(Activation activation, Message request)
    {
        activation.Fail(request, new NotSupportedException($"{Method} returns a sequence and is not called directly."));
    }
}
