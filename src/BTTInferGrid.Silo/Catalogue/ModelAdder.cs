using BTTInferGrid.Inference;
using BTTInferGrid.Silo.Commands;

namespace BTTInferGrid.Silo.Catalogue;

/// <summary>Adds a file of the owner's to the home folder: checks it, copies it or leaves it where it is, and pins its hash.</summary>
internal sealed class ModelAdder(ModelStore store, CatalogueFile catalogue)
{
    // What a cache of the default size has room for; a longer one is asked for.
    private const int DefaultContext = 8192;
    private const int MaxContext = 1 << 20;

    /// <param name="wish">What to add.</param>
    /// <param name="progress">Is told the share that is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Ends the copying; nothing is left of it.</param>
    /// <exception cref="CommandException">It does not fit its name or what is there.</exception>
    /// <exception cref="ModelFileException">The file is no model.</exception>
    public async Task<AddedModel> AddAsync(
        ModelWish wish, IProgress<double> progress, CancellationToken cancellationToken)
    {
        var entry = catalogue.Models.FirstOrDefault(model => model.Id == wish.Name);
        var id = wish.Id ?? wish.Name;
        Require(ModelIds.IsValid(id), ExitCode.WrongUsage, "invalid_id", $"'{id}' cannot be the name of a model: {ModelIds.Rule}");
        var file = GgufFile.Read(SourceOf(wish, entry));
        CheckFile(file, entry);
        var context = ContextOf(wish, file, entry);

        using var held = store.Lock();
        Require(
            store.Find(id) is null,
            ExitCode.Failure,
            "model_exists",
            $"There is a model '{id}' already. Remove it with 'bttgrid models remove {id}', or name this one with --as.");
        var hash = await file.HashAsync(new ByteShare(progress, 0, wish.Link ? file.Bytes : 2 * file.Bytes), cancellationToken);
        Require(
            entry?.Sha256 is null || entry.Sha256 == hash,
            ExitCode.Failure,
            "wrong_hash",
            $"{file.Path} has SHA-256 {hash}; that of '{entry?.Id}' is {entry?.Sha256}.");

        var path = wish.Link ? Path.GetFullPath(file.Path) : await CopyAsync(file, id, hash, progress, cancellationToken);
        var model = new AddedModel
        {
            Id = id,
            Catalogue = entry?.Id,
            File = wish.Link ? path : store.RelativePath(path),
            Copied = !wish.Link,
            Sha256 = hash,
            Bytes = file.Bytes,
            Architecture = file.Architecture,
            Quantization = file.Quantization,
            ContextTokens = context,
            Probe = entry?.Probe,
        };
        store.Pin(model);
        return model;
    }

    private static string SourceOf(ModelWish wish, CatalogueEntry? entry)
    {
        var path = wish.File ?? (entry?.File is { } shipped
            ? Path.Combine(Path.GetDirectoryName(CatalogueReader.ShippedPath)!, shipped)
            : null);
        return path ?? throw new CommandException(
            ExitCode.WrongUsage,
            "file_missing",
            entry is null
                ? $"'{wish.Name}' is not in the catalogue; say which file it is with --file."
                : $"Get a GGUF file of {entry.Name} from {entry.Source}, and say which it is with --file.");
    }

    private static void CheckFile(GgufFile file, CatalogueEntry? entry)
    {
        Require(file.Tensors.Count > 0, ExitCode.Failure, "no_weights", $"{file.Path} is a vocabulary without weights.");
        Require(
            file.ChatTemplate is not null,
            ExitCode.Failure,
            "no_chat_template",
            $"{file.Path} has no chat template, so it cannot answer chats. Take an instruction-tuned file.");
        Require(
            entry is null || entry.Family == file.Architecture,
            ExitCode.Failure,
            "wrong_family",
            $"{file.Path} is a '{file.Architecture}' model; '{entry?.Id}' is '{entry?.Family}'. Take its file, or add this one under a name of its own.");
    }

    private static int ContextOf(ModelWish wish, GgufFile file, CatalogueEntry? entry)
    {
        var most = Math.Min(MaxContext, file.ContextLength > 0 ? file.ContextLength : MaxContext);
        if (wish.ContextTokens is { } asked)
        {
            Require(
                asked >= 2 && asked <= most,
                ExitCode.WrongUsage,
                "invalid_context",
                $"--context is {asked}; of this file it must be between 2 and {most}.");
            return asked;
        }

        return Math.Min(Math.Min(most, DefaultContext), entry?.ContextTokens ?? DefaultContext);
    }

    /// <summary>Copies all parts and reads the copy again: what is pinned is what is there.</summary>
    private async Task<string> CopyAsync(
        GgufFile file, string id, string hash, IProgress<double> progress, CancellationToken cancellationToken)
    {
        var folder = store.FolderOf(id);
        var partial = folder + ".partial";
        try
        {
            Remove(partial);
            Directory.CreateDirectory(partial);
            foreach (var part in file.Parts)
            {
                await CopyFileAsync(part, Path.Combine(partial, Path.GetFileName(part)), cancellationToken);
            }

            var copy = GgufFile.Read(Path.Combine(partial, Path.GetFileName(file.Path)));
            var copied = await copy.HashAsync(new ByteShare(progress, file.Bytes, 2 * file.Bytes), cancellationToken);
            Require(
                copied == hash,
                ExitCode.Failure,
                "file_changed",
                $"{file.Path} changed while it was copied: SHA-256 {hash} before, {copied} in the copy. Try again.");
            Remove(folder);
            Directory.Move(partial, folder);
            return Path.Combine(folder, Path.GetFileName(file.Path));
        }
        finally
        {
            Remove(partial);
        }
    }

    private static async Task CopyFileAsync(string from, string to, CancellationToken cancellationToken)
    {
        await using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
        await using var target = new FileStream(to, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        await source.CopyToAsync(target, 1 << 20, cancellationToken);
        target.Flush(flushToDisk: true);
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Require(bool holds, int exitCode, string code, string message)
    {
        if (!holds)
        {
            throw new CommandException(exitCode, code, message);
        }
    }
}
