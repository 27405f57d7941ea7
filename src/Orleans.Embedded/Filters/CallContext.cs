using System.Reflection;
using System.Runtime.ExceptionServices;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Manifest;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans.Embedded.Filters;

/// <summary>One request on its way through the filters, one inside the other, to what they surround.</summary>
internal abstract class CallContext(GrainRequest request, GrainManifestIndex manifest) : IGrainCallContext
{
    private int _stage;
    private bool _isAnswered;
    private object? _result;
    private ExceptionDispatchInfo? _error;

    public IInvokable Request { get; } = new Invokable(request, manifest);

    public abstract object Grain { get; }

    public abstract GrainId TargetId { get; }

    public GrainInterfaceType InterfaceType => GrainInterfaceType.Create(InterfaceName);

    public string InterfaceName => request.Method.InterfaceName;

    public string MethodName => request.Method.MethodName;

    public MethodInfo InterfaceMethod => Request.GetMethod();

    public object? Result
    {
        get => _result;
        set
        {
            _result = value;
            _isAnswered = true;
            _error = null;
        }
    }

    protected GrainRequest Body => request;

    public async Task Invoke()
    {
        // A filter that calls this twice gets the same next filter twice.
        var stage = _stage++;
        try
        {
            if (NextFilter(stage) is { } filter)
            {
                await filter;
            }
            else
            {
                Result = await InvokeTargetAsync();
            }
        }
        catch (Exception error)
        {
            _error = ExceptionDispatchInfo.Capture(error);
            throw;
        }
        finally
        {
            _stage = stage;
        }
    }

    /// <summary>Runs the filters; returns the answer or throws what the caller is to get.</summary>
    protected async Task<object?> RunAsync()
    {
        await Invoke();
        _error?.Throw();
        return _isAnswered ? _result : throw new InvalidOperationException(
            $"A filter of {request.Method} ended without an answer: it must call Invoke or set Result.");
    }

    /// <summary>Begins the filter with a number, or returns null when there are no more.</summary>
    protected abstract Task? NextFilter(int stage);

    /// <summary>What the filters surround; returns its result, boxed.</summary>
    protected abstract ValueTask<object?> InvokeTargetAsync();
}
