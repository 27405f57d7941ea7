using System.ComponentModel;
using Orleans.Runtime;

namespace Orleans.Embedded.CodeGeneration;

/// <summary>The base of generated references: each method of the interface makes a request and sends it.</summary>
/// <param name="binding">What references of the interface have in common.</param>
/// <param name="key">The key of the grain.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class GrainProxy(ReferenceBinding binding, IdSpan key) : GrainReference(binding, key)
{
    /// <summary>Calls a method that returns <see cref="Task{TResult}"/>.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="request">The request.</param>
    protected Task<T> InvokeTask<T>(GrainRequest<T> request)
    {
        return Binding.Runtime.Call(this, request);
    }

    /// <summary>Calls a method that returns <see cref="Task"/>.</summary>
    /// <param name="request">The request.</param>
    protected Task InvokeTask(VoidGrainRequest request)
    {
        return Binding.Runtime.Call(this, request);
    }

    /// <summary>Calls a method that returns <see cref="ValueTask{TResult}"/>.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="request">The request.</param>
    protected ValueTask<T> InvokeValueTask<T>(GrainRequest<T> request)
    {
        return new ValueTask<T>(Binding.Runtime.Call(this, request));
    }

    /// <summary>Calls a method that returns <see cref="ValueTask"/>.</summary>
    /// <param name="request">The request.</param>
    protected ValueTask InvokeValueTask(VoidGrainRequest request)
    {
        return new ValueTask(Binding.Runtime.Call(this, request));
    }

    /// <summary>Calls a method that returns nothing and is not waited for.</summary>
    /// <param name="request">The request.</param>
    protected void InvokeOneWay(VoidGrainRequest request)
    {
        Binding.Runtime.Send(this, request);
    }

    /// <summary>Calls a method that returns <see cref="IAsyncEnumerable{T}"/>.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="request">The request.</param>
    protected IAsyncEnumerable<T> InvokeStream<T>(StreamGrainRequest<T> request)
    {
        return Binding.Runtime.Enumerate(this, request);
    }
}
