using System.Text.Json;
using BTTInferGrid.Silo.Commands;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Files;

namespace BTTInferGrid.Silo.Catalogue;

/// <summary>
/// The models of a home folder: <c>models.json</c> says which, <c>models/</c> holds the copied files, each in a folder of its
/// id. A running grid does not hold it, so that models can be added meanwhile.
/// </summary>
internal sealed class ModelStore(string home)
{
    private readonly string _list = Path.Combine(home, "models.json");
    private readonly string _folder = Path.Combine(home, "models");

    /// <summary>The models, in the order of their ids; none when nothing was added yet.</summary>
    /// <exception cref="ConfigurationException">models.json is damaged.</exception>
    public IReadOnlyList<AddedModel> All => Read();

    /// <summary>The model of a name; null if there is none.</summary>
    /// <exception cref="ConfigurationException">models.json is damaged.</exception>
    public AddedModel? Find(string id) => Read().FirstOrDefault(model => model.Id == id);

    /// <summary>Where a model's file is.</summary>
    public string PathOf(AddedModel model) => Path.GetFullPath(model.File, _folder);

    /// <summary>The folder that a model's copy goes to. Ids may have slashes, folders may not.</summary>
    public string FolderOf(string id) => Path.Combine(_folder, Uri.EscapeDataString(id));

    /// <summary>How models.json names a file of the store's own.</summary>
    public string RelativePath(string path) => Path.GetRelativePath(_folder, path);

    /// <summary>Lets one process at a time change the store.</summary>
    /// <exception cref="CommandException">Another process does, or the folder cannot be written.</exception>
    public IDisposable Lock()
    {
        try
        {
            Directory.CreateDirectory(_folder);
            return new FileStream(Path.Combine(_folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                ExitCode.Failure,
                "models_in_use",
                $"{_folder} is being changed by another bttgrid, or cannot be written: {error.Message}",
                error);
        }
    }

    /// <summary>Pins a model, which must be there. The caller has the lock.</summary>
    public void Pin(AddedModel model) => Write([.. Read().Where(other => other.Id != model.Id), model]);

    /// <summary>Forgets a model and deletes its copy, if it is one. The caller has the lock.</summary>
    public void Unpin(AddedModel model)
    {
        Write([.. Read().Where(other => other.Id != model.Id)]);
        if (model.Copied && Directory.Exists(FolderOf(model.Id)))
        {
            Directory.Delete(FolderOf(model.Id), recursive: true);
        }
    }

    private List<AddedModel> Read()
    {
        if (!File.Exists(_list))
        {
            return [];
        }

        var file = JsonFile<AddedModelsFile>.Read(_list, AddedModelsContext.Default.AddedModelsFile);
        var check = new FieldCheck(file.Wrong);
        for (var i = 0; i < file.Value.Models.Count; i++)
        {
            var model = file.Value.Models[i];
            check.Require(ModelIds.IsValid(model.Id), $"models[{i}].id", ModelIds.Rule);
            check.Require(ModelIds.IsSha256(model.Sha256), $"models[{i}].sha256", ModelIds.Sha256Rule);
            check.Range(model.ContextTokens, 2, 1 << 20, $"models[{i}].contextTokens");
        }

        return [.. file.Value.Models];
    }

    // Written beside and moved into place: a crash leaves the old list or the new one.
    private void Write(List<AddedModel> models)
    {
        models.Sort(static (one, other) => string.CompareOrdinal(one.Id, other.Id));
        var draft = _list + ".new";
        using (var stream = new FileStream(draft, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, new AddedModelsFile { Models = models }, AddedModelsContext.Default.AddedModelsFile);
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, _list, overwrite: true);
    }
}
