using System.Buffers;
using System.Text;
using System.Text.Json;
using BTTInferGrid.Front.Chat;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Inputs;
using BTTInferGrid.Front.Json;
using BTTInferGrid.Front.Keys;
using BTTInferGrid.Front.Models;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Tokens;

/// <summary>
/// <c>POST /tokenize</c> and <c>POST /detokenize</c>, as vLLM has them: a prompt as the tokens that a completion counts it
/// as, and back.
/// </summary>
internal sealed class TokensEndpoint(ModelCatalogue catalogue, KeyAdmission keys)
{
    public async Task TokenizeAsync(HttpContext context)
    {
        using var body = await JsonBody.ReadAsync(context.Request, context.RequestAborted);
        var fields = new JsonFields(body.RootElement, "");
        var model = RequireModel(fields);
        var withNames = fields.Flag("return_token_strs") ?? false;
        await using var lease = await keys.AdmitAsync(context, 0);
        var tokens = Encode(fields, model.Vocabulary);
        await using var json = Begin(context);
        json.WriteStartObject();
        json.WriteNumber("count", tokens.Length);
        json.WriteNumber("max_model_len", model.Model.ContextTokens);
        json.WriteStartArray("tokens");
        foreach (var token in tokens)
        {
            json.WriteNumberValue(token);
        }

        json.WriteEndArray();
        json.WritePropertyName("token_strs");
        WriteNames(json, model.Vocabulary, withNames ? tokens : null);
        json.WriteEndObject();
    }

    public async Task DetokenizeAsync(HttpContext context)
    {
        using var body = await JsonBody.ReadAsync(context.Request, context.RequestAborted);
        var fields = new JsonFields(body.RootElement, "");
        var vocabulary = RequireModel(fields).Vocabulary;
        var value = fields.Find("tokens") ?? throw fields.Missing("tokens");
        var tokens = value.ValueKind == JsonValueKind.Array
            ? new TextInput("tokens", null, TextInputReader.ReadTokens(value, "tokens")).Encode(vocabulary, static _ => [])
            : throw fields.WrongType("tokens", "an array of token ids", value);
        await using var lease = await keys.AdmitAsync(context, 0);
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var token in tokens)
        {
            bytes.Write(vocabulary.ControlText(token) is { } control ? Encoding.UTF8.GetBytes(control) : vocabulary.Decode(token));
        }

        await using var json = Begin(context);
        json.WriteStartObject();
        json.WriteString("prompt", Encoding.UTF8.GetString(bytes.WrittenSpan));
        json.WriteEndObject();
    }

    private ServedModel RequireModel(JsonFields fields) =>
        catalogue.Require(fields.Text("model") ?? throw fields.Missing("model"));

    private static int[] Encode(JsonFields fields, Vocabulary vocabulary)
    {
        if (fields.Find("messages") is null)
        {
            var text = fields.Text("prompt") ?? throw fields.Missing("prompt");
            return vocabulary.Encode(text, parseSpecial: true, addStart: fields.Flag("add_special_tokens") ?? true);
        }

        return fields.Find("prompt") is null
            ? vocabulary.EncodeChat(ChatRequestReader.ReadMessages(fields))
            : throw ApiException.InvalidRequest("prompt", "Send either 'prompt' or 'messages'.", "invalid_value");
    }

    private static void WriteNames(Utf8JsonWriter json, Vocabulary vocabulary, int[]? tokens)
    {
        if (tokens is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartArray();
        foreach (var token in tokens)
        {
            json.WriteStringValue(TokenName.Of(vocabulary, token, out _));
        }

        json.WriteEndArray();
    }

    private static Utf8JsonWriter Begin(HttpContext context)
    {
        context.Response.ContentType = FrontJson.ContentType;
        return new Utf8JsonWriter(context.Response.BodyWriter, FrontJson.Options);
    }
}
