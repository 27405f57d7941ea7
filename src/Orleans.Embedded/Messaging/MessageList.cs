namespace Orleans.Embedded.Messaging;

/// <summary>A list threaded through the messages themselves: adding and removing cost no memory.</summary>
internal struct MessageList
{
    public Message? First { get; private set; }

    public int Count { get; private set; }

    private Message? _last;

    public void Add(Message message)
    {
        message.Previous = _last;
        message.Next = null;
        if (_last is null)
        {
            First = message;
        }
        else
        {
            _last.Next = message;
        }

        _last = message;
        Count++;
    }

    public void Remove(Message message)
    {
        if (message.Previous is null)
        {
            First = message.Next;
        }
        else
        {
            message.Previous.Next = message.Next;
        }

        if (message.Next is null)
        {
            _last = message.Previous;
        }
        else
        {
            message.Next.Previous = message.Previous;
        }

        message.Next = null;
        message.Previous = null;
        Count--;
    }
}
