using Orleans.Runtime;
using Orleans.Serialization;

namespace Orleans.Embedded.Messaging;

/// <summary>Carries messages to other silos.</summary>
internal interface IMessageTransport
{
    /// <summary>Begins to deliver what other silos send to this one.</summary>
    Task StartAsync(SiloAddress local, IMessageReceiver receiver, CancellationToken cancellationToken);

    /// <summary>
    /// Sends to <see cref="Message.TargetSilo"/> and returns at once. What certainly did not arrive comes back through
    /// <see cref="IMessageReceiver.OnUndeliverable"/>; what may have arrived does not.
    /// </summary>
    /// <exception cref="SerializerException">The message has a value that cannot be written; nothing was sent.</exception>
    void Send(Message message);

    /// <summary>
    /// Takes nothing more from other silos. Completes when what was taken has been handed over; sending still works.
    /// </summary>
    Task StopReceivingAsync();

    /// <summary>Ends all traffic at once, both ways.</summary>
    void Abort();
}

/// <summary>Takes what a transport brings. Neither method blocks or throws.</summary>
internal interface IMessageReceiver
{
    void OnMessage(Message message);

    void OnUndeliverable(Message message);
}
