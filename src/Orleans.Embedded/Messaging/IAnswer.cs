using Orleans.Embedded.Serialization;

namespace Orleans.Embedded.Messaging;

/// <summary>Takes the outcome of a call that is made on behalf of somebody else.</summary>
internal interface IAnswer
{
    void Succeed<T>(T value, Codec<T>? codec);

    void Fail(Exception error);
}

/// <summary>Passes outcomes on.</summary>
internal static class Answering
{
    public static async Task PassOnAsync<T>(Task<T> call, Codec<T>? codec, IAnswer answer)
    {
        T value;
        try
        {
            value = await call;
        }
        catch (Exception error)
        {
            answer.Fail(error);
            return;
        }

        answer.Succeed(value, codec);
    }
}
