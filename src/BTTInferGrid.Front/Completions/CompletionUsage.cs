using System.Text.Json;
using BTTInferGrid.Compute;

namespace BTTInferGrid.Front.Completions;

/// <summary>Counts the tokens of the answers to one request.</summary>
/// <param name="completion">What it is answered with.</param>
internal sealed class CompletionUsage(Completion completion)
{
    private readonly int?[] _cached = new int?[completion.Prompts];
    private int _completionTokens;

    /// <summary>Counts an answer that has ended.</summary>
    /// <param name="choice">Its index.</param>
    /// <param name="usage">What it took.</param>
    public void Add(int choice, GenerationUsage usage)
    {
        _completionTokens += usage.OutputTokens;

        // The first answer to a prompt leaves it in the cache for the others, which says nothing of this request.
        ref var cached = ref _cached[choice / (completion.Choices / completion.Prompts)];
        cached = Math.Min(cached ?? int.MaxValue, usage.CachedPromptTokens);
    }

    /// <summary>Writes <c>usage</c> as OpenAI has it.</summary>
    public void Write(Utf8JsonWriter json)
    {
        var cachedTokens = 0;
        foreach (var cached in _cached)
        {
            cachedTokens += cached ?? 0;
        }

        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", completion.PromptTokens);
        json.WriteNumber("completion_tokens", _completionTokens);
        json.WriteNumber("total_tokens", completion.PromptTokens + _completionTokens);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", cachedTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
