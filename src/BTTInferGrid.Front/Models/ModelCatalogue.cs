using BTTInferGrid.Front.Errors;
using BTTInferGrid.Inference;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BTTInferGrid.Front.Models;

/// <summary>
/// The models that clients may name. The start reads the files, hashes them, and loads the vocabularies, not the weights;
/// a model that could not serve one request stops it.
/// </summary>
internal sealed class ModelCatalogue(IOptions<FrontOptions> options, LlamaLibrary library) : IHostedService, IDisposable
{
    private readonly Dictionary<string, ServedModel> _models = [];

    public IReadOnlyCollection<ServedModel> All => _models.Values;

    /// <exception cref="ApiException">There is no such model.</exception>
    public ServedModel Find(string id) =>
        _models.TryGetValue(id, out var model) ? model : throw ApiException.ModelNotFound(id);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var model in options.Value.Models)
        {
            var profile = await ModelProfile.ReadAsync(model.File, cancellationToken);
            _models.Add(model.Id, new ServedModel(model, profile.Id, LoadVocabulary(model)));
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var model in _models.Values)
        {
            model.Vocabulary.Dispose();
        }
    }

    private Vocabulary LoadVocabulary(FrontModel model)
    {
        var vocabulary = Vocabulary.Load(library, model.File);
        if (vocabulary.TrainedContext > 0 && model.ContextTokens > vocabulary.TrainedContext)
        {
            throw new InvalidParameterException(
                $"contextTokens of model '{model.Id}'", model.ContextTokens, $"at most {vocabulary.TrainedContext}, which it was trained for");
        }

        // A template that cannot be rendered fails here and not at the first request.
        vocabulary.EncodeChat([new ChatMessage("user", "?")]);
        return vocabulary;
    }
}
