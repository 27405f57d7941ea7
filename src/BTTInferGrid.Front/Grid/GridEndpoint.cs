using System.Text.Json;
using System.Text.Json.Serialization;
using BTTInferGrid.Compute;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Json;
using BTTInferGrid.Front.Keys;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Grid;

/// <summary>What the grid tells of itself beyond OpenAI's API: <c>/v1/grid/miners</c>, <c>/models</c>, <c>/jobs/{id}</c>.</summary>
internal sealed class GridEndpoint(ModelCatalogue catalogue, IGrainFactory grains)
{
    private const int MaxJobIdLength = 64;
    private const int MaxMinerIdLength = 128;
    private const int MaxReasonLength = 200;

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

    /// <summary>Keeps a miner from jobs until the suspension is deleted.</summary>
    public async Task SuspendAsync(HttpContext context, string id)
    {
        using var body = await JsonBody.ReadAsync(context.Request, context.RequestAborted);
        var fields = new JsonFields(body.RootElement, "");
        fields.RefuseOthers("reason");
        var reason = fields.Text("reason") ?? throw fields.Missing("reason");
        if (reason.Length is 0 or > MaxReasonLength || reason.Any(char.IsControl))
        {
            throw ApiException.InvalidRequest(
                "reason", $"'reason' must have 1 to {MaxReasonLength} characters on one line.", "invalid_value");
        }

        var miner = await MinerAsync(id);
        await miner.Suspend(reason);
        await WriteAsync(context, miner);
    }

    /// <summary>Ends a suspension; the miner gets jobs again after a probe.</summary>
    public async Task ResumeAsync(HttpContext context, string id)
    {
        var miner = await MinerAsync(id);
        await miner.Resume();
        await WriteAsync(context, miner);
    }

    private async Task<IMinerGrain> MinerAsync(string id)
    {
        // Any other text would activate a grain that no node can have.
        var miner = id.Length <= MaxMinerIdLength && id.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')
            ? grains.GetMiner(id)
            : null;
        return miner is not null && await miner.Standing() is not null ? miner : throw ApiException.MinerNotFound(id);
    }

    private static async Task WriteAsync(HttpContext context, IMinerGrain miner) => await context.Response.WriteAsJsonAsync(
        MinerView.Of((await miner.Standing())!), Json, context.RequestAborted);

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
