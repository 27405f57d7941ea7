using System.Text.Json;
using BTTInferGrid.Front.Json;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Models;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>.</summary>
internal sealed class ModelsEndpoint(ModelCatalogue catalogue, [GridClock] TimeProvider time)
{
    private const string Owner = "bttinfergrid";

    // Clients sort by it; the time this front began to serve is the only one known for every model.
    private readonly long _created = time.GetUtcNow().ToUnixTimeSeconds();

    public async Task ListAsync(HttpContext context)
    {
        context.Response.ContentType = FrontJson.ContentType;
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, FrontJson.Options);
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var model in catalogue.All)
        {
            Write(json, model);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public async Task GetAsync(HttpContext context, string id)
    {
        // The route takes all that follows, for ids have slashes: one at the end is no part of them.
        var model = catalogue.Require(id.TrimEnd('/'));
        context.Response.ContentType = FrontJson.ContentType;
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, FrontJson.Options);
        Write(json, model);
    }

    private void Write(Utf8JsonWriter json, ServedModel served)
    {
        json.WriteStartObject();
        json.WriteString("id", served.Model.Id);
        json.WriteString("object", "model");
        json.WriteNumber("created", _created);
        json.WriteString("owned_by", Owner);
        json.WriteNumber("context_length", served.Model.ContextTokens);
        json.WriteEndObject();
    }
}
