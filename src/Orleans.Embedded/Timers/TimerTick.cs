using Orleans.Embedded.Activations;
using Orleans.Embedded.CodeGeneration;

namespace Orleans.Embedded.Timers;

/// <summary>One tick of a timer, which takes its turn among the requests of its activation.</summary>
internal sealed class TimerTick(GrainTimer timer) : VoidGrainRequest
{
    private const string InterfaceName = "Orleans.Runtime.IGrainTimerInvoker";
    private const string MethodName = "InvokeCallbackAsync";
    private static readonly GrainMethod Exclusive = new(InterfaceName, MethodName, GrainMethodOptions.None);
    private static readonly GrainMethod Interleaving =
        new(InterfaceName, MethodName, GrainMethodOptions.AlwaysInterleave);

    public override GrainMethod Method => timer.Interleaves ? Interleaving : Exclusive;

    internal override bool CountsAsUse => timer.KeepsAlive;

    public override ValueTask Invoke(object target)
    {
        return new ValueTask(timer.RunAsync());
    }

    private protected override ValueTask InvokeOn(Activation activation)
    {
        return Invoke(activation);
    }
}
