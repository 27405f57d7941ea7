using System.Text.Json;

namespace BTTInferGrid.Front.Chat;

/// <summary>What every object of one chat completion repeats, and the parts that its forms share.</summary>
/// <param name="Id">Completion id.</param>
/// <param name="Model">Model id.</param>
/// <param name="Created">When the request came, in seconds since 1970.</param>
internal readonly record struct ChatCompletion(string Id, string Model, long Created)
{
    public void WriteHead(Utf8JsonWriter json, string objectType)
    {
        json.WriteString("id", Id);
        json.WriteString("object", objectType);
        json.WriteNumber("created", Created);
        json.WriteString("model", Model);
    }

    public static void WriteUsage(Utf8JsonWriter json, int promptTokens, int completionTokens)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", promptTokens);
        json.WriteNumber("completion_tokens", completionTokens);
        json.WriteNumber("total_tokens", promptTokens + completionTokens);
        json.WriteEndObject();
    }
}
