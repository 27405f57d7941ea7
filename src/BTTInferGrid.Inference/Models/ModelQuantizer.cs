using System.Globalization;
using BTTInferGrid.Inference.Native;

namespace BTTInferGrid.Inference;

/// <summary>Makes a smaller file of a model by storing its weights with fewer bits.</summary>
/// <remarks>
/// The result is another model for the grid: its hash differs, and with it its <see cref="ModelProfile"/>.
/// </remarks>
public static class ModelQuantizer
{
    /// <summary>The names of all types, such as <c>Q4_K_M</c>.</summary>
    public static IReadOnlyList<string> TypeNames { get; } = [.. Enum.GetValues<ModelQuantization>().Select(NameOf)];

    /// <summary>The type with a name as files and people write it, such as <c>Q4_K_M</c>.</summary>
    /// <exception cref="InvalidParameterException">No such type.</exception>
    public static ModelQuantization TypeNamed(string name)
    {
        var types = Enum.GetValues<ModelQuantization>();
        var at = Array.FindIndex(types, type => string.Equals(NameOf(type), name, StringComparison.OrdinalIgnoreCase));
        return at >= 0
            ? types[at]
            : throw new InvalidParameterException("type", name, $"one of {string.Join(", ", types.Select(NameOf))}");
    }

    /// <summary>Quantises a model. Blocks while it works.</summary>
    /// <param name="library">llama.cpp.</param>
    /// <param name="source">A model file, or the first of several parts.</param>
    /// <param name="target">The one file to make. It appears when it is complete and checked.</param>
    /// <param name="type">How to store most weights.</param>
    /// <param name="options">Permissions and threads; null means the defaults.</param>
    /// <param name="progress">Is told the share of tensors that are done, from 0 to 1.</param>
    /// <param name="cancellationToken">
    /// Looked at before the work begins and when it is done, since llama.cpp cannot be interrupted in between; no file
    /// is left either way.
    /// </param>
    /// <returns>The new file, read and checked.</returns>
    /// <exception cref="InvalidParameterException">There is no such type, or the threads are out of range.</exception>
    /// <exception cref="ModelFileException">The source is no model.</exception>
    /// <exception cref="ModelQuantizeException">
    /// The target exists, the source is quantised already, or llama.cpp failed.
    /// </exception>
    public static GgufFile Quantize(
        LlamaLibrary library,
        string source,
        string target,
        ModelQuantization type,
        QuantizeOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(library);
        ArgumentException.ThrowIfNullOrEmpty(target);
        options ??= new QuantizeOptions();
        CheckOptions(type, options);
        CheckFiles(GgufFile.Read(source), source, target, options);
        cancellationToken.ThrowIfCancellationRequested();

        var partial = $"{target}.{Guid.NewGuid():N}.partial";
        try
        {
            Run(source, partial, target, type, options, progress);
            cancellationToken.ThrowIfCancellationRequested();
            return MoveIntoPlace(source, partial, target, options.Overwrite);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static string NameOf(ModelQuantization type) => FileTypeNames.Of((int)type) ?? type.ToString();

    private static void CheckOptions(ModelQuantization type, QuantizeOptions options)
    {
        if (!Enum.IsDefined(type))
        {
            throw new InvalidParameterException(
                nameof(type), type, $"one of {string.Join(", ", Enum.GetValues<ModelQuantization>().Select(NameOf))}");
        }

        if (options.Threads is < 0 or > 512)
        {
            throw new InvalidParameterException(nameof(options.Threads), options.Threads, "from 0 to 512");
        }
    }

    private static void CheckFiles(GgufFile model, string source, string target, QuantizeOptions options)
    {
        if (model.Tensors.Count == 0)
        {
            throw new ModelQuantizeException(source, target, "it is a vocabulary without weights");
        }

        if (!options.AllowRequantize && model.Tensors.Any(tensor => !tensor.Type.IsFloat))
        {
            throw new ModelQuantizeException(
                source,
                target,
                $"it is {model.Quantization} already, and rounding twice makes it worse; start from an F16 or F32 file "
                + $"or set {nameof(QuantizeOptions.AllowRequantize)}");
        }

        if (model.Parts.Any(part => Path.GetFullPath(part) == Path.GetFullPath(target)))
        {
            throw new ModelQuantizeException(source, target, "source and target are the same file");
        }

        if (Directory.Exists(target) || (!options.Overwrite && File.Exists(target)))
        {
            throw new ModelQuantizeException(
                source, target, $"the target exists; remove it, or set {nameof(QuantizeOptions.Overwrite)}");
        }

        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(target))))
        {
            throw new ModelQuantizeException(source, target, "the target's folder does not exist");
        }
    }

    private static unsafe void Run(
        string source,
        string partial,
        string target,
        ModelQuantization type,
        QuantizeOptions options,
        IProgress<double>? progress)
    {
        var parameters = NativeMethods.QuantizeDefaults();
        parameters.FileType = (int)type;
        parameters.Threads = options.Threads;
        parameters.AllowRequantize = (byte)(options.AllowRequantize ? 1 : 0);
        LlamaLog.TakeLastError();
        LlamaLog.Watch(line => Report(line, progress));
        try
        {
            if (NativeMethods.ModelQuantize(source, partial, &parameters) != 0)
            {
                throw new ModelQuantizeException(
                    source, target, LlamaLog.TakeLastError() ?? "llama.cpp gave no reason");
            }
        }
        finally
        {
            LlamaLog.Watch(null);
        }
    }

    /// <summary>llama.cpp tells its progress in its log only: <c>[  12/  38] name of the tensor</c>.</summary>
    private static void Report(string line, IProgress<double>? progress)
    {
        var end = line.IndexOf(']', StringComparison.Ordinal);
        if (progress is not null && line.StartsWith('[') && end > 0
            && line[1..end].Split('/') is [var done, var all]
            && int.TryParse(done, CultureInfo.InvariantCulture, out var tensors)
            && int.TryParse(all, CultureInfo.InvariantCulture, out var total) && total > 0)
        {
            progress.Report((double)tensors / total);
        }
    }

    private static GgufFile MoveIntoPlace(string source, string partial, string target, bool overwrite)
    {
        try
        {
            GgufFile.Read(partial);
            File.Move(partial, target, overwrite);
        }
        catch (Exception cause) when (cause is ModelFileException or IOException or UnauthorizedAccessException)
        {
            throw new ModelQuantizeException(source, target, cause.Message, cause);
        }

        return GgufFile.Read(target);
    }
}
