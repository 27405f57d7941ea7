using BTTInferGrid.Silo.Catalogue;
using BTTInferGrid.Silo.Files;

namespace BTTInferGrid.Silo.Configuration;

/// <summary>
/// Which models are served, and which one by the miners of this file. An added model is known by its id as those are that
/// the file describes; one that is named beside the file is then the only one.
/// </summary>
internal static class ModelChoice
{
    /// <exception cref="ConfigurationException">There is no such model, or the miners cannot serve it.</exception>
    public static SiloFile Apply(
        SiloFile file, SettingsFlags flags, Func<string, string?> environment, ModelStore store, FieldCheck check)
    {
        var (named, source) = flags.Model is { Length: > 0 } flag ? (flag, "--model") : (environment("BTTGRID_MODEL"), "BTTGRID_MODEL");
        if (!string.IsNullOrEmpty(named))
        {
            var only = Find(file, store, named) ?? throw new ConfigurationException($"{source}: {Unknown(file, store, named)}");
            var miner = (file.Miner ?? new MinerSection { Model = named }) with { Model = named };
            SiloFileValidator.ValidateMiner(miner, only, check);
            return file with { Models = [only], Miner = miner };
        }

        if (file.Miner is { } written)
        {
            var model = Find(file, store, written.Model);
            check.Require(model is not null, "miner.model", Unknown(file, store, written.Model));
            SiloFileValidator.ValidateMiner(written, model!, check);
            return file.Models.Contains(model!) ? file : file with { Models = [.. file.Models, model!] };
        }

        check.Require(file.Models.Count > 0, "models", "it is empty; name at least one model.");
        return file;
    }

    private static ModelSection? Find(SiloFile file, ModelStore store, string id) =>
        file.Models.FirstOrDefault(model => model.Id == id) ?? store.Find(id)?.ToSection(store);

    private static string Unknown(SiloFile file, ModelStore store, string id)
    {
        var known = file.Models.Select(static model => model.Id).Concat(store.All.Select(static model => model.Id)).Distinct().ToList();
        return $"there is no model '{id}'; "
            + (known.Count == 0 ? "none is known" : $"there are {string.Join(", ", known)}")
            + ". 'bttgrid models add' adds one.";
    }
}
