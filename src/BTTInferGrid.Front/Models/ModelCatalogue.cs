using BTTInferGrid.Front.Errors;
using BTTInferGrid.Inference;
using Microsoft.Extensions.Options;

namespace BTTInferGrid.Front.Models;

/// <summary>The models that clients may name. Loads the vocabularies, not the weights, when it is created.</summary>
internal sealed class ModelCatalogue : IDisposable
{
    private readonly Dictionary<string, ServedModel> _models = [];

    public ModelCatalogue(IOptions<FrontOptions> options, LlamaLibrary library)
    {
        foreach (var model in options.Value.Models)
        {
            _models.Add(model.Id, new ServedModel(model, Vocabulary.Load(library, model.File)));
        }
    }

    public IReadOnlyCollection<ServedModel> All => _models.Values;

    /// <exception cref="ApiException">There is no such model.</exception>
    public ServedModel Find(string id) =>
        _models.TryGetValue(id, out var model) ? model : throw ApiException.ModelNotFound(id);

    public void Dispose()
    {
        foreach (var model in _models.Values)
        {
            model.Vocabulary.Dispose();
        }
    }
}
