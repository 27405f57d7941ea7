using System.Text.Json;
using System.Text.Json.Serialization;
using BTTInferGrid.Compute;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Keys;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Grid;

/// <summary>What the grid tells of itself beyond OpenAI's API: <c>/v1/grid/miners</c>, <c>/models</c>, <c>/jobs/{id}</c>.</summary>
internal sealed class GridEndpoint(ModelCatalogue catalogue, IGrainFactory grains)
{
    private const int MaxJobIdLength = 64;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public async Task MinersAsync(HttpContext context)
    {
        var miners = new List<MinerView>();
        foreach (var model in catalogue.All)
        {
            var standings = await grains.GetGrain<IModelGrain>(model.Model.Id).Miners();
            miners.AddRange(standings.Select(MinerView.Of));
        }

        await context.Response.WriteAsJsonAsync(new { miners }, Json, context.RequestAborted);
    }

    public async Task ModelsAsync(HttpContext context)
    {
        var models = new List<ModelView>();
        foreach (var model in catalogue.All)
        {
            var standings = await grains.GetGrain<IModelGrain>(model.Model.Id).Miners();
            models.Add(ModelView.Of(model, standings));
        }

        await context.Response.WriteAsJsonAsync(new { models }, Json, context.RequestAborted);
    }

    /// <summary>A job of somebody else is not found, as one that never was.</summary>
    public async Task JobAsync(HttpContext context, string id)
    {
        var trace = id.Length <= MaxJobIdLength && id.All(char.IsAsciiHexDigit)
            ? await grains.GetGrain<IJobGrain>(id).Trace()
            : null;
        if (trace is null || trace.Tenant != ApiKeyFilter.TenantOf(context))
        {
            throw ApiException.JobNotFound(id);
        }

        await context.Response.WriteAsJsonAsync(JobView.Of(trace), Json, context.RequestAborted);
    }
}
