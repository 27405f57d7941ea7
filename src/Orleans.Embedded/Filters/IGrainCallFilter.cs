namespace Orleans;

/// <summary>Sees each request to the grains of a silo, or of one grain class if that implements it.</summary>
public interface IIncomingGrainCallFilter
{
    /// <summary>Handles a request. Runs in a turn of the grain.</summary>
    /// <param name="context">The request; its <see cref="IGrainCallContext.Invoke"/> goes on with it.</param>
    Task Invoke(IIncomingGrainCallContext context);
}

/// <summary>Sees each request that a silo or client makes.</summary>
public interface IOutgoingGrainCallFilter
{
    /// <summary>Handles a request. Runs where the caller does.</summary>
    /// <param name="context">The request; its <see cref="IGrainCallContext.Invoke"/> goes on with it.</param>
    Task Invoke(IOutgoingGrainCallContext context);
}

/// <summary>An <see cref="IIncomingGrainCallFilter"/> as a method.</summary>
/// <param name="context">The request.</param>
public delegate Task IncomingGrainCallFilterDelegate(IIncomingGrainCallContext context);

/// <summary>An <see cref="IOutgoingGrainCallFilter"/> as a method.</summary>
/// <param name="context">The request.</param>
public delegate Task OutgoingGrainCallFilterDelegate(IOutgoingGrainCallContext context);
