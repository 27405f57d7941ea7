using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Abi;

/// <summary>Reads what an event has in topics.</summary>
internal static class AbiTopics
{
    /// <summary>Checks that a log is one of the event.</summary>
    /// <param name="topics">The log's.</param>
    /// <param name="event">The event's first topic.</param>
    /// <param name="indexed">How many parameters of the event are topics.</param>
    /// <exception cref="AbiException">It is not.</exception>
    public static void Check(IReadOnlyList<Hash32> topics, Hash32 @event, int indexed)
    {
        if (topics.Count != indexed + 1 || topics[0] != @event)
        {
            throw new AbiException($"A log is not of the event {@event}, which has {indexed} more topics.");
        }
    }

    /// <summary>Reads a static value from a topic.</summary>
    public static T Read<T>(AbiCodec<T> codec, Hash32 topic)
    {
        var word = new byte[AbiWriter.WordBytes];
        topic.CopyTo(word);
        return new OneOf<T>(codec).Decode(0, word);
    }
}
