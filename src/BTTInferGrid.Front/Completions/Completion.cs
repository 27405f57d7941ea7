using System.Text.Json;

namespace BTTInferGrid.Front.Completions;

/// <summary>What the answer to one request is, and what every object of it repeats.</summary>
/// <param name="Id">Completion id.</param>
/// <param name="Model">Model id.</param>
/// <param name="Created">When the request came, in seconds since 1970.</param>
/// <param name="Choices">How many answers it has.</param>
/// <param name="Prompts">How many prompts these are for: each has as many, one after the other.</param>
/// <param name="PromptTokens">Tokens of the prompts, each counted once, however many answers it gets.</param>
/// <param name="Format">The shape of its objects.</param>
internal sealed record Completion(
    string Id, string Model, long Created, int Choices, int Prompts, int PromptTokens, CompletionFormat Format)
{
    public void WriteHead(Utf8JsonWriter json, string objectType)
    {
        json.WriteString("id", Id);
        json.WriteString("object", objectType);
        json.WriteNumber("created", Created);
        json.WriteString("model", Model);
    }
}
