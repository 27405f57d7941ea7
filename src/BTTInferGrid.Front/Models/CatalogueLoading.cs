using BTTInferGrid.Inference;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BTTInferGrid.Front.Models;

/// <summary>Loads the catalogue when the host starts; a model that could not serve one request stops the start.</summary>
internal sealed class CatalogueLoading(ModelCatalogue catalogue, LlamaLibrary library, IOptions<FrontOptions> options)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        catalogue.LoadAsync(library, options.Value.Models, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
