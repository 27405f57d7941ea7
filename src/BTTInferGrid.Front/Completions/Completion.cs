using System.Text.Json;

namespace BTTInferGrid.Front.Completions;

/// <summary>What the answer to one request is, and what every object of it repeats.</summary>
/// <param name="Id">Completion id.</param>
/// <param name="Model">Model id.</param>
/// <param name="Created">When the request came, in seconds since 1970.</param>
/// <param name="Choices">How many answers it has.</param>
/// <param name="PromptTokens">Tokens of the prompts, each counted once, however many answers it gets.</param>
/// <param name="Format">The shape of its objects.</param>
internal sealed record Completion(
    string Id, string Model, long Created, int Choices, int PromptTokens, CompletionFormat Format)
{
    public void WriteHead(Utf8JsonWriter json, string objectType)
    {
        json.WriteString("id", Id);
        json.WriteString("object", objectType);
        json.WriteNumber("created", Created);
        json.WriteString("model", Model);
    }

    /// <param name="json">Where to.</param>
    /// <param name="completionTokens">Tokens of all answers.</param>
    public void WriteUsage(Utf8JsonWriter json, int completionTokens)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", PromptTokens);
        json.WriteNumber("completion_tokens", completionTokens);
        json.WriteNumber("total_tokens", PromptTokens + completionTokens);
        json.WriteEndObject();
    }
}
