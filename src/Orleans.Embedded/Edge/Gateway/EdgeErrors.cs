using Orleans.Embedded.Serialization;
using Orleans.Runtime;

namespace Orleans.Embedded.Edge;

/// <summary>The errors of edge silos, and what an edge silo is told of errors.</summary>
internal static class EdgeErrors
{
    public static SiloUnavailableException NotConnected(GrainId grain)
    {
        return new SiloUnavailableException(
            $"No edge silo with identity {grain.Key} is connected. The request to grain {grain} was not executed.");
    }

    public static SiloUnavailableException Lost(string identity)
    {
        return new SiloUnavailableException(
            $"Edge silo {identity} was lost while it had the request. Whether it was executed is not known.");
    }

    /// <summary>
    /// An error as an edge silo may see it. What the application declares to cross, by [GenerateSerializer], crosses with
    /// its text; the runtime's own errors say what they mean and name no silos; all else says only that the call failed.
    /// </summary>
    public static Exception Screen(Exception error, WireTypes types)
    {
        return error switch
        {
            SiloUnavailableException => new SiloUnavailableException(
                "The grain is not reachable now. Whether the request was executed is not known."),
            OrleansMessageRejectionException => new OrleansMessageRejectionException("The request was not executed."),
            TimeoutException => new TimeoutException("No answer came in time. The outcome is unknown."),
            OperationCanceledException => new OperationCanceledException("The call was cancelled."),
            EnumerationAbortedException => new EnumerationAbortedException("The enumeration ended."),
            _ when types.IsDeclared(error.GetType()) => error,
            _ => new OrleansException("The call failed."),
        };
    }
}
