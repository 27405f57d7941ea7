using BTTInferGrid.Compute;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Health;

/// <summary>
/// <c>GET /health/live</c>: the process answers. <c>GET /health/ready</c>: 200 when a job for every model would be served,
/// otherwise 503 with the models that have no miner.
/// </summary>
internal sealed class HealthEndpoint(ModelCatalogue catalogue, IGrainFactory grains)
{
    public static Task LiveAsync(HttpContext context) => context.Response.WriteAsJsonAsync(new { status = "live" });

    public async Task ReadyAsync(HttpContext context)
    {
        var missing = new List<string>();
        foreach (var model in catalogue.All)
        {
            if (await grains.GetGrain<IModelGrain>(model.Model.Id).ActiveMiners() == 0)
            {
                missing.Add(model.Model.Id);
            }
        }

        context.Response.StatusCode =
            missing.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await context.Response.WriteAsJsonAsync(
            new { status = missing.Count == 0 ? "ready" : "not ready", models_without_miner = missing },
            context.RequestAborted);
    }
}
