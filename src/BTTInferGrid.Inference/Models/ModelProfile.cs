using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BTTInferGrid.Inference;

/// <summary>
/// What computes an answer, as far as the answer depends on it: two engines with the same profile give the same answer
/// up to floating-point noise. A quantisation of a model is another file and so another profile.
/// </summary>
/// <remarks>
/// Tokenizer, chat template and rope parameters are in the file and are not overridden, so its hash names them.
/// </remarks>
/// <param name="FileSha256">
/// SHA-256 of the model file, or of all its parts one after another: 64 lower-case hexadecimal digits.
/// </param>
/// <param name="FileBytes">Length of the model file or of all its parts.</param>
/// <param name="CacheType">Number format of the key and value cache.</param>
/// <param name="FlashAttention">Whether attention is computed by the fused kernel.</param>
/// <param name="SamplerVersion">Version of the token choice, <see cref="Sampler.Version"/>.</param>
public sealed record ModelProfile(
    string FileSha256,
    long FileBytes,
    string CacheType,
    bool FlashAttention,
    int SamplerVersion)
{
    private const string Domain = "BTTInferGrid.ModelProfile.1";

    /// <summary>SHA-256 over all of the above, 64 lower-case hexadecimal digits.</summary>
    public string Id
    {
        get
        {
            string[] parts =
            [
                Domain,
                FileSha256,
                FileBytes.ToString(CultureInfo.InvariantCulture),
                CacheType,
                FlashAttention ? "flash" : "plain",
                SamplerVersion.ToString(CultureInfo.InvariantCulture),
            ];
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Span<byte> length = stackalloc byte[4];
            foreach (var part in parts)
            {
                var bytes = Encoding.UTF8.GetBytes(part);
                BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
                hash.AppendData(length);
                hash.AppendData(bytes);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    /// <summary>Refuses a file that is not the one it should be.</summary>
    /// <param name="path">The file that the profile was read from.</param>
    /// <param name="sha256">The hash that it should have; null for any.</param>
    /// <exception cref="ModelFileException">It has another one; the message has both.</exception>
    public void RequireFile(string path, string? sha256)
    {
        if (sha256 is not null && sha256 != FileSha256)
        {
            throw new ModelFileException(
                path,
                $"its SHA-256 is {FileSha256}, but {sha256} was pinned. Put the pinned file back, or pin this one if you trust it");
        }
    }

    /// <summary>
    /// The profile of a model file as <see cref="Engine"/> runs it. Reads the whole file once, in pieces.
    /// </summary>
    /// <exception cref="ModelFileException">The file is no model.</exception>
    public static Task<ModelProfile> ReadAsync(string path, CancellationToken cancellationToken = default) =>
        ReadAsync(GgufFile.Read(path), null, cancellationToken);

    /// <summary>The profile of a model whose head is read already. Reads all its files once, in pieces.</summary>
    /// <param name="file">The model.</param>
    /// <param name="progress">Is told the bytes read so far.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ModelFileException">A file cannot be read any more.</exception>
    public static async Task<ModelProfile> ReadAsync(
        GgufFile file, IProgress<long>? progress, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new ModelProfile(
            await file.HashAsync(progress, cancellationToken).ConfigureAwait(false),
            file.Bytes,
            "f16",
            EngineContext.FlashAttention,
            Sampler.Version);
    }
}
