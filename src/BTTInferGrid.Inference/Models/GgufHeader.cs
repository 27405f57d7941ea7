using System.Buffers.Binary;

namespace BTTInferGrid.Inference;

/// <summary>The fixed head of a GGUF file, checked before native code reads the rest.</summary>
/// <remarks>
/// Format: magic "GGUF", version (u32), number of tensors (u64), number of metadata entries (u64), little endian. An
/// entry takes at least 13 bytes and a tensor description at least 32, so counts that the file has no room for are
/// refused here and no allocation is sized by them.
/// </remarks>
internal readonly record struct GgufHeader(uint Version, long Tensors, long MetadataEntries, long FileBytes)
{
    private const int Bytes = 24;
    private const int LeastEntryBytes = 13;
    private const int LeastTensorBytes = 32;
    private const long MostTensors = 1 << 17;
    private const long MostEntries = 1 << 16;

    /// <exception cref="ModelFileException">No file, or no GGUF file of version 2 or 3.</exception>
    public static GgufHeader Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Span<byte> head = stackalloc byte[Bytes];
        long length;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            length = file.Length;
            if (file.ReadAtLeast(head, Bytes, throwOnEndOfStream: false) < Bytes)
            {
                throw new ModelFileException(path, $"it has {length} bytes, less than the {Bytes} of a GGUF head");
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, cause.Message);
        }

        return Parse(path, head, length);
    }

    private static GgufHeader Parse(string path, ReadOnlySpan<byte> head, long length)
    {
        if (!head.StartsWith("GGUF"u8))
        {
            throw new ModelFileException(path, "it does not begin with 'GGUF'; only GGUF files can be loaded");
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        if (version is not (2 or 3))
        {
            throw new ModelFileException(
                path, $"its GGUF version is {version}; versions 2 and 3, little endian, are known");
        }

        var tensors = BinaryPrimitives.ReadUInt64LittleEndian(head[8..]);
        var entries = BinaryPrimitives.ReadUInt64LittleEndian(head[16..]);
        if (tensors > MostTensors || entries > MostEntries
            || ((long)tensors * LeastTensorBytes) + ((long)entries * LeastEntryBytes) > length - Bytes)
        {
            throw new ModelFileException(
                path,
                $"it claims {tensors} tensors and {entries} metadata entries, which its {length} bytes cannot hold");
        }

        return new GgufHeader(version, (long)tensors, (long)entries, length);
    }
}
