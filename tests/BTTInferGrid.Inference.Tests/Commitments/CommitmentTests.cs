namespace BTTInferGrid.Inference.Tests.Commitments;

public class CommitmentTests
{
    // Computed by another program, from the description in docs/design/commitments.md alone.
    [Theory]
    [InlineData(1, "47cfc76179ee8c9a524045c2c27c8ef8dc386be605548f7f92f80c04eabd40a5")]
    [InlineData(16, "8bb230b24f4df13e2a7eb8a222f32104330ccf19a31e52a42ffd2976971c45e4")]
    [InlineData(17, "a53b6cf85537efac85b57f1347ad476cd8c1e132976955b7cfc47ab1ab58f977")]
    [InlineData(40, "560cb2d6b0b9091b86365bc6e4026cb3dfd27c3f38a831cd81d03aed8ec03252")]
    [InlineData(100, "f43982fa2780559cbf4fb97c1842b032153d3e56e6f8bc4df20f1aae2f1335e9")]
    public void Root_OfKnownLogits_IsThePinnedOne(int positions, string root) =>
        Assert.Equal(root, Convert.ToHexStringLower(SampleCommitment.Build(positions).Root.Span));

    [Fact]
    public void Leaf_OfKnownLogits_HasThePinnedBytes()
    {
        var position = SampleCommitment.Build(4).Leaf(0).Span[^LeafCodec.PositionBytes..];
        Assert.Equal(
            "15000000cafa060000004600000019000000590000002c000000"
            + "6afd6afd4afd4afd2afd1c0139ffebfb9d0172001a01b8008aff",
            Convert.ToHexStringLower(position));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 1)]
    [InlineData(17, 2)]
    [InlineData(512, 32)]
    public void LeafCount_OfPositions_IsOneForEverySixteenBegun(int positions, int leaves)
    {
        var commitment = SampleCommitment.Build(positions);
        Assert.Equal((positions, leaves), (commitment.Positions, commitment.LeafCount));
    }

    [Fact]
    public void Build_WithoutPositions_IsRefused() =>
        Assert.Throws<InvalidOperationException>(() => new CommitmentBuilder(SampleCommitment.Scope).Build());

    [Fact]
    public void FromLeaves_AllLeaves_GivesTheSameRoot()
    {
        foreach (var positions in (int[])[1, 16, 17, 40, 100])
        {
            var commitment = SampleCommitment.Build(positions);
            var again = Commitment.FromLeaves(commitment.Scope, Leaves(commitment));
            Assert.Equal(commitment.Root.ToArray(), again.Root.ToArray());
        }
    }

    [Fact]
    public void FromLeaves_MissingSwappedOrEmptyLeaves_AreRefusedByIndex()
    {
        var commitment = SampleCommitment.Build(40);
        var leaves = Leaves(commitment);
        Assert.Equal("leaves[0]", Refused([leaves[1], leaves[0], leaves[2]]));
        Assert.Equal("leaves[1]", Refused([leaves[0], leaves[2]]));
        Assert.Equal("leaves[2]", Refused([leaves[0], leaves[1], default]));
        Assert.Equal("leaves[2]", Refused([leaves[0], leaves[1], leaves[2][..^1]]));
        Assert.Equal("leaves", Refused([]));

        static string Refused(List<ReadOnlyMemory<byte>> bad) => Assert.Throws<InvalidParameterException>(
            () => Commitment.FromLeaves(SampleCommitment.Scope, bad)).Field;
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void Open_NoSuchLeaf_IsRefused(int index) =>
        Assert.Throws<InvalidParameterException>(() => SampleCommitment.Build(40).Open(index));

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void Scope_EmptyText_IsRefusedByName(string? text)
    {
        Assert.Equal("jobId", Refused(() => new CommitmentScope("p", text!, "e")));
        Assert.Equal("epoch", Refused(() => new CommitmentScope("p", "j", text!)));
        Assert.Equal("profileId", Refused(() => new CommitmentScope(text!, "j", "e")));
        Assert.Equal("jobId", Refused(() => new CommitmentScope("p", new string('j', 257), "e")));

        static string Refused(Func<object> make) => Assert.Throws<InvalidParameterException>(make).Field;
    }

    [Fact]
    public void Append_AfterWarmUp_AllocatesLeavesOnly()
    {
        const int Positions = 1600;
        var evidence = new LogitEvidence(SampleCommitment.VocabularySize);
        var projection = new LogitProjection(SampleCommitment.Scope.ProjectionKey, SampleCommitment.VocabularySize);
        var logits = SampleCommitment.Logits(0);
        Append(16);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Append(Positions);
        var perPosition = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Positions;
        Assert.InRange(perPosition, 52, 62);

        void Append(int positions)
        {
            var builder = new CommitmentBuilder(SampleCommitment.Scope);
            for (var i = 0; i < positions; i++)
            {
                evidence.Measure(logits, 1, projection);
                builder.Append(evidence);
            }
        }
    }

    private static List<ReadOnlyMemory<byte>> Leaves(Commitment commitment) =>
        [.. Enumerable.Range(0, commitment.LeafCount).Select(commitment.Leaf)];
}
