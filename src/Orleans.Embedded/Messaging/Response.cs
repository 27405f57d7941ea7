using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Serialization;
using Orleans.Serialization;

namespace Orleans.Embedded.Messaging;

/// <summary>The answer to a request as it crosses to another silo.</summary>
internal abstract class Response
{
    /// <summary>The number of the exception; a value has the number 2.</summary>
    public const ulong ErrorField = 1;

    public const ulong ValueField = 2;

    public abstract void Write(WireWriter writer);
}

/// <summary>A request's result.</summary>
internal sealed class Response<T>(T value, Codec<T>? codec) : Response
{
    public override void Write(WireWriter writer)
    {
        codec?.WriteField(writer, ValueField, value);
    }
}

/// <summary>A request's failure.</summary>
internal sealed class FailedResponse(Exception error) : Response
{
    public override void Write(WireWriter writer)
    {
        Codecs.Exception.WriteField(writer, ErrorField, error);
    }
}

/// <summary>An answer that came. What type of value it has is known to the request only.</summary>
internal sealed class ReceivedResponse(byte[] bytes, Serializer serializer) : Response
{
    public override void Write(WireWriter writer)
    {
        throw new NotSupportedException("An answer that came is not passed on.");
    }

    /// <summary>Completes the caller of a request.</summary>
    public void Deliver(Message request)
    {
        var reader = new WireReader(bytes, serializer);
        try
        {
            while (reader.TryReadField(out var number, out var type))
            {
                switch (number)
                {
                    case ErrorField when Codecs.Exception.ReadField(ref reader, type) is { } error:
                        request.Call!.Fail(error);
                        return;
                    case ValueField:
                        request.Request.Complete(request.Call!, ref reader, type);
                        return;
                    default:
                        reader.Skip(type);
                        break;
                }
            }

            request.Request.CompleteWithoutValue(request.Call!);
        }
        catch (Exception error)
        {
            request.Call!.Fail(error as SerializerException ?? new SerializerException(
                $"The answer to {request} could not be read. The request was executed.", error));
        }
    }
}

/// <summary>The value of requests that have none.</summary>
internal readonly struct Nothing;
