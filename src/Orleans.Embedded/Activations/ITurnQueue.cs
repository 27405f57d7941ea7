namespace Orleans.Embedded.Activations;

/// <summary>Takes the turns of one activation and runs them one after the other.</summary>
internal interface ITurnQueue
{
    /// <summary>Queues a turn: a request that starts, a task, or a <see cref="Turn"/>.</summary>
    void Enqueue(object turn);
}
