using System.Text.Json;

namespace BTTInferGrid.Front.Completions;

/// <summary>What OpenAI's two kinds of completion write differently.</summary>
internal abstract class CompletionFormat
{
    /// <summary>What telemetry calls it, in the words of OpenTelemetry's conventions.</summary>
    public abstract string Operation { get; }

    /// <summary>What an id begins with.</summary>
    public abstract string IdPrefix { get; }

    /// <summary><c>object</c> of a whole completion.</summary>
    public abstract string ObjectType { get; }

    /// <summary><c>object</c> of one chunk of a stream.</summary>
    public abstract string ChunkType { get; }

    /// <summary>The request's field that the prompt is in.</summary>
    public abstract string PromptField { get; }

    /// <summary>Whether a choice of a stream begins with a chunk of its own.</summary>
    public abstract bool HasBeginning { get; }

    /// <summary>The answer as a property of its choice.</summary>
    public abstract void WriteWhole(Utf8JsonWriter json, string text);

    /// <summary>What a choice's first chunk says.</summary>
    public abstract void WriteBeginning(Utf8JsonWriter json);

    /// <summary>A piece of the answer as a property of its choice.</summary>
    public abstract void WriteDelta(Utf8JsonWriter json, string text);

    /// <summary>What a choice's last chunk says beside the reason of the end.</summary>
    public abstract void WriteEnd(Utf8JsonWriter json);

    /// <summary>The value of <c>logprobs</c>.</summary>
    public abstract void WriteLogProbs(Utf8JsonWriter json, ReadOnlySpan<AnswerToken> tokens);
}
