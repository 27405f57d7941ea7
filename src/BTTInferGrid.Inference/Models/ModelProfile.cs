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
/// <param name="FileSha256">SHA-256 of the model file, 64 lower-case hexadecimal digits.</param>
/// <param name="FileBytes">Length of the model file.</param>
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

    /// <summary>
    /// The profile of a model file as <see cref="Engine"/> runs it. Reads the whole file once, in pieces.
    /// </summary>
    /// <exception cref="ModelFileException">The file is no GGUF file.</exception>
    public static async Task<ModelProfile> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        var header = GgufHeader.Read(path);
        var file = File.OpenRead(path);
        await using (file.ConfigureAwait(false))
        {
            var hash = await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false);
            return new ModelProfile(
                Convert.ToHexStringLower(hash),
                header.FileBytes,
                "f16",
                EngineContext.FlashAttention,
                Sampler.Version);
        }
    }
}
