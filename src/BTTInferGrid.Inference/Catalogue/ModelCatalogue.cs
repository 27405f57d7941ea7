namespace BTTInferGrid.Inference;

/// <summary>
/// The models that a grid serves, with their vocabularies but without weights: what it takes to make prompts and to read
/// answers. Thread safe once loaded.
/// </summary>
public sealed class ModelCatalogue : IDisposable
{
    private readonly Dictionary<string, ServedModel> _models = [];

    /// <summary>All models; none before <see cref="LoadAsync"/> or <see cref="Add"/>.</summary>
    public IReadOnlyCollection<ServedModel> All => _models.Values;

    /// <summary>The model of a name; null if there is none.</summary>
    /// <param name="id">The name that clients use.</param>
    public ServedModel? Find(string id) => _models.GetValueOrDefault(id);

    /// <summary>Reads and hashes the files and loads the vocabularies. Called once, before anybody looks for a model.</summary>
    /// <param name="library">llama.cpp.</param>
    /// <param name="models">The models, each of another name.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ModelFileException">A file is missing, damaged, no model, or not the one that was pinned.</exception>
    /// <exception cref="ChatTemplateException">A model has no chat template that llama.cpp can render.</exception>
    /// <exception cref="InvalidParameterException">A model's context is longer than it was trained for.</exception>
    public async Task LoadAsync(
        LlamaLibrary library, IEnumerable<CatalogueModel> models, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(library);
        ArgumentNullException.ThrowIfNull(models);
        foreach (var model in models)
        {
            var profile = await ModelProfile.ReadAsync(model.File, cancellationToken);
            profile.RequireFile(model.File, model.Sha256);
            Add(new ServedModel(model, profile.Id, LoadVocabulary(library, model)));
        }
    }

    /// <summary>Adds a model whose vocabulary is loaded, and which the catalogue owns from here on; before anybody looks for a model.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentException">There is one of the same name.</exception>
    public void Add(ServedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _models.Add(model.Model.Id, model);
    }

    /// <summary>Frees the vocabularies.</summary>
    public void Dispose()
    {
        foreach (var model in _models.Values)
        {
            model.Vocabulary.Dispose();
        }
    }

    private static Vocabulary LoadVocabulary(LlamaLibrary library, CatalogueModel model)
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
