using System.Reflection;
using Orleans.Embedded.Activations;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Messaging;
using Orleans.Runtime;

namespace Orleans.Embedded.Filters;

/// <summary>A request on its way through the filters of its silo, then the grain's own, to the grain's method.</summary>
internal sealed class IncomingCall(
    Activation activation, Message request, IIncomingGrainCallFilter[] filters, GrainManifestIndex manifest)
    : CallContext(request.Request, manifest), IIncomingGrainCallContext
{
    private bool _isHandedOver;

    public override object Grain => activation.GrainInstance!;

    public override GrainId TargetId => activation.GrainId;

    public IGrainContext TargetContext => activation;

    public MethodInfo ImplementationMethod
    {
        get
        {
            var method = InterfaceMethod;
            if (method.DeclaringType is not { IsInterface: true } declaring)
            {
                return method;
            }

            var map = Grain.GetType().GetInterfaceMap(declaring);
            return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, method)];
        }
    }

    /// <summary>Runs the request's first turn. It never throws.</summary>
    public async Task StartAsync()
    {
        try
        {
            var result = await RunAsync();
            if (!_isHandedOver)
            {
                request.Request.Succeed(activation, request, result);
            }
        }
        catch (Exception error) when (!_isHandedOver)
        {
            activation.Fail(request, error);
        }
        catch (Exception error)
        {
            activation.Host.Lifecycle.ReportLateFilterError(request.Request.Method, activation.Address, error);
        }
    }

    protected override Task? NextFilter(int stage)
    {
        return stage < filters.Length ? filters[stage].Invoke(this)
            : stage == filters.Length && Grain is IIncomingGrainCallFilter own ? own.Invoke(this)
            : null;
    }

    protected override ValueTask<object?> InvokeTargetAsync()
    {
        if (request.Request.AnswersItself)
        {
            if (!_isHandedOver)
            {
                _isHandedOver = true;
                request.Request.Start(activation, request);
            }

            return default;
        }

        return request.Request.InvokeBoxed(activation);
    }
}
