namespace BTTInferGrid.Inference.Tests.Commitments;

/// <summary>Commitments over logits that a formula gives, the same in any language.</summary>
internal static class SampleCommitment
{
    public const int VocabularySize = 100;

    public static CommitmentScope Scope { get; } = new("profile", "job-1", "epoch-7");

    public static float[] Logits(int position) =>
        [.. Enumerable.Range(0, VocabularySize).Select(i => ((i * 37) + (position * 11)) % 64 / 8f)];

    public static int Token(int position) => position * 7 % VocabularySize;

    public static Commitment Build(int positions, CommitmentScope? scope = null)
    {
        scope ??= Scope;
        var builder = new CommitmentBuilder(scope);
        var projection = new LogitProjection(scope.ProjectionKey, VocabularySize);
        var evidence = new LogitEvidence(VocabularySize);
        for (var i = 0; i < positions; i++)
        {
            evidence.Measure(Logits(i), Token(i), projection);
            builder.Append(evidence);
        }

        return builder.Build();
    }
}
