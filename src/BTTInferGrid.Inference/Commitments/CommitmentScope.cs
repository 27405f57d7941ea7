using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace BTTInferGrid.Inference;

/// <summary>
/// What a commitment belongs to. The job is hashed into every leaf, so a leaf opens only the commitment of its own job;
/// profile and epoch select the projection, so that numbers recorded in one epoch say nothing about the next.
/// </summary>
public sealed class CommitmentScope
{
    /// <summary>The longest profile, job or epoch, in UTF-16 characters.</summary>
    public const int MaxLength = 256;

    private const string BindingDomain = "BTTInferGrid.Commitment.1";
    private const string ProjectionDomain = "BTTInferGrid.Projection.1";

    private readonly byte[] _binding;
    private readonly byte[] _projectionKey;

    /// <summary>A scope for one job.</summary>
    /// <param name="profileId">What computes the answer, <see cref="ModelProfile.Id"/>.</param>
    /// <param name="jobId">The job, unique among all that are ever run.</param>
    /// <param name="epoch">The period whose projection is used, known to miner and validator.</param>
    /// <exception cref="InvalidParameterException">
    /// A text is empty or longer than <see cref="MaxLength"/> characters.
    /// </exception>
    public CommitmentScope(string profileId, string jobId, string epoch)
    {
        ProfileId = Checked(profileId, nameof(profileId));
        JobId = Checked(jobId, nameof(jobId));
        Epoch = Checked(epoch, nameof(epoch));
        _binding = Hash(BindingDomain, profileId, jobId);
        _projectionKey = Hash(ProjectionDomain, profileId, epoch);
    }

    /// <summary>What computes the answer.</summary>
    public string ProfileId { get; }

    /// <summary>The job.</summary>
    public string JobId { get; }

    /// <summary>The period whose projection is used.</summary>
    public string Epoch { get; }

    /// <summary>32 bytes that are a part of every leaf's hash and of the root.</summary>
    internal ReadOnlySpan<byte> Binding => _binding;

    /// <summary>32 bytes that select the projection.</summary>
    internal ReadOnlySpan<byte> ProjectionKey => _projectionKey;

    private static string Checked(string value, string name) => value is { Length: > 0 and <= MaxLength }
        ? value
        : throw new InvalidParameterException(name, $"{value?.Length ?? 0} characters", $"of 1 to {MaxLength}");

    private static byte[] Hash(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }
}
