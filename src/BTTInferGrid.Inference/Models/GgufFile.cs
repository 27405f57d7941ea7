using System.Buffers;
using System.Security.Cryptography;

namespace BTTInferGrid.Inference;

/// <summary>
/// A model file whose head was read and checked: its metadata and its table of tensors, not the tensors themselves. It
/// is read before any native code sees the file, since that ends the process over some mistakes.
/// </summary>
/// <remarks>
/// The cost does not depend on the size of the model; texts such as the tokens are decoded when they are asked for.
/// </remarks>
public sealed class GgufFile
{
    private const int HashBytes = 1 << 20;
    private const int MostArchitectureCharacters = 64;

    private GgufFile(List<GgufPart> parts)
    {
        var first = parts[0];
        Path = first.Path;
        Parts = [.. parts.Select(part => part.Path)];
        Bytes = parts.Sum(part => part.Bytes);
        Metadata = first.Metadata;
        Tensors = [.. parts.SelectMany(part => part.Tensors)];
        Architecture = Metadata.Text("general.architecture") ?? throw Metadata.Missing("general.architecture");
        if (Architecture.Length is 0 or > MostArchitectureCharacters)
        {
            throw Metadata.Wrong("general.architecture", "is not the name of an architecture");
        }

        Name = Metadata.Text("general.name");
        ChatTemplate = Metadata.Text("tokenizer.chat_template");
        VocabularySize = TokenizerCheck.Run(Metadata);
        if (Tensors.Count > 0)
        {
            ArchitectureCheck.Run(Metadata, Architecture, Tensors, Path);
        }

        ContextLength = (int)(Metadata.Whole($"{Architecture}.context_length", 0, int.MaxValue) ?? 0);
        Quantization = FileTypeNames.Of(Metadata, Tensors);
        Parameters = Tensors.Sum(tensor => tensor.Elements);
    }

    /// <summary>The file, or the first of several.</summary>
    public string Path { get; }

    /// <summary>All files of the model, in order: one, or <c>x-00001-of-00002.gguf</c> and so on.</summary>
    public IReadOnlyList<string> Parts { get; }

    /// <summary>Length of all parts together.</summary>
    public long Bytes { get; }

    /// <summary>The metadata of the first part, which is that of the model.</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>The tensors of all parts; none when the file is a vocabulary only.</summary>
    public IReadOnlyList<GgufTensor> Tensors { get; }

    /// <summary>The kind of model, such as <c>llama</c>.</summary>
    public string Architecture { get; }

    /// <summary>What the file calls the model; null when it does not say.</summary>
    public string? Name { get; }

    /// <summary>How most weights are stored, such as <c>Q4_K_M</c>; <c>none</c> without tensors.</summary>
    public string Quantization { get; }

    /// <summary>Longest sequence the model was trained for, in tokens; 0 when the file does not say.</summary>
    public int ContextLength { get; }

    /// <summary>The chat template; null when there is none.</summary>
    public string? ChatTemplate { get; }

    /// <summary>Number of tokens.</summary>
    public int VocabularySize { get; }

    /// <summary>Number of weights.</summary>
    public long Parameters { get; }

    /// <summary>
    /// Reads and checks the head of a model file, and of the other parts when it is the first of several.
    /// </summary>
    /// <param name="path">The file, or the first part.</param>
    /// <exception cref="ModelFileException">
    /// A file is missing or unreadable, is no well-formed GGUF file, or says something that no model can be; the error
    /// names the field and where it is.
    /// </exception>
    public static GgufFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new GgufFile(SplitFiles.Complete(ReadPart(path, 0), ReadPart));
    }

    /// <summary>Reads and checks one file from a stream.</summary>
    internal static GgufFile Read(Stream stream, string path) =>
        new(SplitFiles.Complete(GgufPart.Read(stream, path, 0), ReadPart));

    /// <summary>
    /// SHA-256 of the model: of its file, or of all parts one after another, as <c>cat x-*.gguf | sha256sum</c> has it.
    /// </summary>
    /// <param name="progress">Is told the bytes read so far, about once a megabyte.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    /// <exception cref="ModelFileException">
    /// A file cannot be read any more, or is of another length than before.
    /// </exception>
    public async Task<string> HashAsync(
        IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(HashBytes);
        var total = 0L;
        try
        {
            foreach (var path in Parts)
            {
                var file = Open(path);
                await using (file.ConfigureAwait(false))
                {
                    int read;
                    while ((read = await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
                    {
                        hash.AppendData(buffer, 0, read);
                        total += read;
                        progress?.Report(total);
                    }
                }
            }
        }
        catch (IOException cause)
        {
            throw new ModelFileException(Path, cause.Message);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return total == Bytes
            ? Convert.ToHexStringLower(hash.GetHashAndReset())
            : throw new ModelFileException(Path, $"it had {Bytes} bytes and now has {total}");
    }

    private static GgufPart ReadPart(string path, int index)
    {
        try
        {
            using var file = Open(path);
            return GgufPart.Read(file, path, index);
        }
        catch (IOException cause)
        {
            throw new ModelFileException(path, cause.Message);
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ModelFileException(path, cause.Message);
        }
    }
}
