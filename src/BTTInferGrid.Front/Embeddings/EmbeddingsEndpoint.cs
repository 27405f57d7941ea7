using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using BTTInferGrid.Compute;
using BTTInferGrid.Front.Completions;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Json;
using BTTInferGrid.Front.Keys;
using BTTInferGrid.Front.Models;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Embeddings;

/// <summary><c>POST /v1/embeddings</c>.</summary>
internal sealed class EmbeddingsEndpoint(ModelCatalogue catalogue, IGrainFactory grains, KeyAdmission keys)
{
    public async Task HandleAsync(HttpContext context)
    {
        EmbeddingsRequest request;
        using (var body = await JsonBody.ReadAsync(context.Request, context.RequestAborted))
        {
            request = EmbeddingsRequestReader.Read(body.RootElement);
        }

        var model = catalogue.Require(request.Model);
        var dimensions = Dimensions(request, model);
        var inputs = Encode(request, model);
        var tokens = inputs.Sum(static input => input.Length);
        var vectors = new List<ImmutableArray<float>>(inputs.Count);
        await using (var lease = await keys.AdmitAsync(context, tokens))
        {
            var batches = EmbeddingBatches.Divide(inputs, dimensions);
            var jobIds = batches.ConvertAll(static _ => JobId.Create());
            JobId.Tell(context.Response, [.. jobIds]);
            for (var i = 0; i < batches.Count; i++)
            {
                var job = new EmbedJobRequest(request.Model, model.Profile, batches[i], ApiKeyFilter.TenantOf(context), Activity.Current?.Id);
                vectors.AddRange(await EmbedAsync(jobIds[i], job, dimensions, lease, context.RequestAborted));
            }
        }

        await EmbeddingsWriter.WriteAsync(context, request, vectors, tokens);
    }

    private async Task<ImmutableArray<ImmutableArray<float>>> EmbedAsync(
        string jobId, EmbedJobRequest job, int dimensions, KeyLease lease, CancellationToken cancellationToken)
    {
        var tokens = job.Inputs.Sum(static input => input.Length);
        EmbedResult result;
        try
        {
            result = await grains.GetGrain<IJobGrain>(jobId).Embed(job, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Whoever leaves early is counted what was begun.
            lease.Use(tokens);
            throw;
        }

        lease.Use(tokens);
        var found = result.Vectors[0].Length;
        return found == dimensions
            ? result.Vectors
            : throw ApiException.MinerFailed($"The miner of job {jobId} sent vectors of {found} numbers; the model's have {dimensions}.");
    }

    private static int Dimensions(EmbeddingsRequest request, ServedModel model)
    {
        var dimensions = model.Vocabulary.EmbeddingLength;
        if (dimensions == 0)
        {
            throw ApiException.InvalidRequest(
                "model", $"The model '{request.Model}' gives no embeddings.", "unsupported_value");
        }

        return request.Dimensions is null || request.Dimensions == dimensions
            ? dimensions
            : throw ApiException.InvalidRequest(
                "dimensions", $"'dimensions' is {request.Dimensions}; the vectors of this model have {dimensions} numbers.", "unsupported_value");
    }

    private static List<ImmutableArray<int>> Encode(EmbeddingsRequest request, ServedModel model)
    {
        var encoded = new List<ImmutableArray<int>>(request.Inputs.Count);
        foreach (var input in request.Inputs)
        {
            var tokens = input.Encode(model.Vocabulary, model.Vocabulary.EncodeInput);
            if (tokens.Length > model.Model.ContextTokens)
            {
                throw ApiException.ContextExceeded(input.Path, model.Model.ContextTokens, tokens.Length);
            }

            encoded.Add(ImmutableCollectionsMarshal.AsImmutableArray(tokens));
        }

        return encoded;
    }
}
