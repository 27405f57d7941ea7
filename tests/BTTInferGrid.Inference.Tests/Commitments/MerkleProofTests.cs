namespace BTTInferGrid.Inference.Tests.Commitments;

public class MerkleProofTests
{
    private static readonly int[] Sizes = [1, 15, 16, 17, 33, 48, 65, 100, 170, 512];

    [Fact]
    public void Verify_EveryLeafOfEverySize_Holds()
    {
        foreach (var positions in Sizes)
        {
            var commitment = SampleCommitment.Build(positions);
            for (var i = 0; i < commitment.LeafCount; i++)
            {
                Assert.True(Verify(commitment, commitment.Open(i)), $"leaf {i} of {positions} positions");
            }
        }
    }

    [Fact]
    public void Verify_AnyByteChanged_Fails()
    {
        var commitment = SampleCommitment.Build(40);
        for (var leaf = 0; leaf < commitment.LeafCount; leaf++)
        {
            var opening = commitment.Open(leaf);
            for (var i = 0; i < opening.Leaf.Length; i++)
            {
                Assert.False(Verify(commitment, opening with { Leaf = Flip(opening.Leaf, i) }), $"byte {i}");
            }

            for (var step = 0; step < opening.Path.Length; step++)
            {
                for (var i = 0; i < MerkleTree.HashBytes; i++)
                {
                    var path = opening.Path.SetItem(step, Flip(opening.Path[step], i));
                    Assert.False(Verify(commitment, opening with { Path = path }), $"byte {i} of step {step}");
                }
            }
        }

        for (var i = 0; i < MerkleTree.HashBytes; i++)
        {
            var root = Flip(commitment.Root, i);
            Assert.False(MerkleProof.Verify(commitment.Scope, root.Span, 40, commitment.Open(0)));
        }
    }

    [Fact]
    public void Verify_AnyOtherIndex_Fails()
    {
        foreach (var positions in Sizes)
        {
            var commitment = SampleCommitment.Build(positions);
            for (var i = 0; i < commitment.LeafCount; i++)
            {
                var opening = commitment.Open(i);
                for (var other = -1; other <= commitment.LeafCount; other++)
                {
                    Assert.Equal(other == i, Verify(commitment, opening with { Index = other }));
                }

                Assert.False(Verify(commitment, opening with { Index = int.MinValue }));
                Assert.False(Verify(commitment, opening with { Index = int.MaxValue }));
            }
        }
    }

    [Fact]
    public void Verify_AnyOtherLength_Fails()
    {
        var commitment = SampleCommitment.Build(100);
        for (var i = 0; i < commitment.LeafCount; i++)
        {
            var opening = commitment.Open(i);
            for (var positions = -1; positions < 200; positions++)
            {
                Assert.Equal(
                    positions == 100, MerkleProof.Verify(commitment.Scope, commitment.Root.Span, positions, opening));
            }

            Assert.False(MerkleProof.Verify(commitment.Scope, commitment.Root.Span, int.MaxValue, opening));
            Assert.False(Verify(commitment, opening with { Leaf = opening.Leaf[..^1] }));
            Assert.False(Verify(commitment, opening with { Leaf = default }));
            Assert.False(Verify(commitment, opening with { Leaf = new byte[100_000] }));
        }
    }

    [Fact]
    public void Verify_PathReorderedCutOrExtended_Fails()
    {
        var commitment = SampleCommitment.Build(100);
        for (var i = 0; i < commitment.LeafCount; i++)
        {
            var opening = commitment.Open(i);
            Assert.False(Verify(commitment, opening with { Path = default }));
            Assert.False(Verify(commitment, opening with { Path = [] }));
            Assert.False(Verify(commitment, opening with { Path = opening.Path[..^1] }));
            Assert.False(Verify(commitment, opening with { Path = [.. opening.Path, new byte[32]] }));
            Assert.False(Verify(commitment, opening with { Path = [.. Enumerable.Repeat(opening.Path[0], 100_000)] }));
            Assert.False(Verify(commitment, opening with { Path = opening.Path.SetItem(0, default) }));
            Assert.False(Verify(commitment, opening with { Path = opening.Path.SetItem(0, new byte[33]) }));
            if (opening.Path.Length > 1)
            {
                Assert.False(Verify(commitment, opening with { Path = [.. opening.Path.Reverse()] }));
            }
        }
    }

    [Fact]
    public void Verify_AnotherJobsOrProfilesLeaf_Fails()
    {
        var commitment = SampleCommitment.Build(40);
        var otherJob = SampleCommitment.Build(40, new CommitmentScope("profile", "job-2", "epoch-7"));
        var otherProfile = SampleCommitment.Build(40, new CommitmentScope("profil", "ejob-1", "epoch-7"));
        Assert.Equal(commitment.Leaf(0).ToArray(), otherJob.Leaf(0).ToArray());
        foreach (var other in (Commitment[])[otherJob, otherProfile])
        {
            Assert.True(Verify(other, other.Open(0)));
            Assert.False(Verify(commitment, other.Open(0)));
            Assert.False(MerkleProof.Verify(commitment.Scope, other.Root.Span, 40, other.Open(0)));
        }
    }

    [Fact]
    public void Verify_NodeInPlaceOfALeaf_Fails()
    {
        // The two hashes of an inner node cannot be opened as if they were a leaf of a smaller tree.
        var commitment = SampleCommitment.Build(40);
        var opening = commitment.Open(0);
        var inner = opening.Path[0].ToArray().Concat(opening.Path[0].ToArray()).ToArray();
        Assert.False(MerkleProof.Verify(
            commitment.Scope, commitment.Root.Span, 17, new LeafOpening(0, inner, [opening.Path[^1]])));
    }

    [Fact]
    public void Verify_NullAttacks_Fail()
    {
        var commitment = SampleCommitment.Build(40);
        var opening = commitment.Open(0);
        foreach (var root in (byte[][])[[], new byte[32], [.. Enumerable.Repeat((byte)0xFF, 32)], new byte[64]])
        {
            Assert.False(MerkleProof.Verify(commitment.Scope, root, 40, opening));
        }

        foreach (var fill in (byte[])[0, 1, 0x7F, 0x80, 0xFF])
        {
            var leaf = opening.Leaf.ToArray();
            leaf.AsSpan(LeafCodec.HeadBytes).Fill(fill);
            Assert.False(Verify(commitment, opening with { Leaf = leaf }));
            Assert.Null(MerkleProof.Read(commitment.Scope, commitment.Root.Span, 40, opening with { Leaf = leaf }));
        }
    }

    [Fact]
    public void Read_OfAGoodOpening_GivesTheNumbersWithinHalfAStep()
    {
        var commitment = SampleCommitment.Build(20);
        var read = MerkleProof.Read(commitment.Scope, commitment.Root.Span, 20, commitment.Open(1));
        var evidence = new LogitEvidence(SampleCommitment.VocabularySize);
        var projection = new LogitProjection(commitment.Scope.ProjectionKey, SampleCommitment.VocabularySize);
        Assert.Equal(4, read!.Value.Length);
        foreach (var (position, index) in read.Value.Select((position, i) => (position, 16 + i)))
        {
            evidence.Measure(SampleCommitment.Logits(index), SampleCommitment.Token(index), projection);
            Assert.Equal(evidence.Token, position.Token);
            Assert.Equal(evidence.LogProbability, position.LogProbability, 0.5 / 256);
            Assert.Equal(evidence.TopTokens, position.Top.Select(top => top.Token));
            Assert.All(position.Top.Zip(evidence.TopLogProbabilities), pair =>
                Assert.Equal(pair.Second, pair.First.LogProbability, 0.5 / 256));
            Assert.All(position.Projection.Zip(evidence.Projection), pair =>
                Assert.Equal(pair.Second, pair.First, 0.5 / 512));
        }
    }

    private static bool Verify(Commitment commitment, LeafOpening opening) =>
        MerkleProof.Verify(commitment.Scope, commitment.Root.Span, commitment.Positions, opening);

    private static ReadOnlyMemory<byte> Flip(ReadOnlyMemory<byte> bytes, int index)
    {
        var changed = bytes.ToArray();
        changed[index] ^= (byte)(1 << (index % 8));
        return changed;
    }
}
