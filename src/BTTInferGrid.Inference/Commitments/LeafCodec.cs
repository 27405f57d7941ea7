using System.Buffers.Binary;
using System.Collections.Immutable;

namespace BTTInferGrid.Inference;

/// <summary>
/// The bytes of a leaf: up to 16 positions, one way to write each (docs/design/commitments.md).
/// </summary>
internal static class LeafCodec
{
    public const int Positions = 16;
    public const int HeadBytes = 8;
    public const int PositionBytes = 52;

    /// <summary>Steps per nat.</summary>
    public const float LogProbabilityScale = 256;

    /// <summary>Steps per logit.</summary>
    public const float ProjectionScale = 512;

    /// <summary>Number of leaves that so many positions fill.</summary>
    public static int LeafCount(int positions) => (int)(((long)positions + Positions - 1) / Positions);

    /// <summary>Positions in a leaf of a commitment: 16, and what is left in the last.</summary>
    public static int PositionsIn(int leaf, int positions) => Math.Min(Positions, positions - (leaf * Positions));

    public static int Bytes(int positions) => HeadBytes + (positions * PositionBytes);

    public static void WriteHead(Span<byte> leaf, int index, int count)
    {
        BinaryPrimitives.WriteInt32LittleEndian(leaf, index);
        BinaryPrimitives.WriteInt32LittleEndian(leaf[4..], count);
    }

    public static void WritePosition(Span<byte> leaf, int place, LogitEvidence evidence)
    {
        var at = leaf.Slice(Bytes(place), PositionBytes);
        Int(ref at, evidence.Token);
        Fixed(ref at, evidence.LogProbability, LogProbabilityScale);
        foreach (var token in evidence.TopTokens)
        {
            Int(ref at, token);
        }

        foreach (var logProbability in evidence.TopLogProbabilities)
        {
            Fixed(ref at, logProbability, LogProbabilityScale);
        }

        foreach (var number in evidence.Projection)
        {
            Fixed(ref at, number, ProjectionScale);
        }
    }

    /// <summary>Whether the bytes are, in length and head, the leaf of that index.</summary>
    public static bool IsLeaf(ReadOnlySpan<byte> leaf, int index, int count) =>
        leaf.Length == Bytes(count)
        && BinaryPrimitives.ReadInt32LittleEndian(leaf) == index
        && BinaryPrimitives.ReadInt32LittleEndian(leaf[4..]) == count;

    /// <summary>Reads a leaf whose head is right.</summary>
    public static ImmutableArray<PositionEvidence> Read(ReadOnlySpan<byte> leaf)
    {
        var positions = ImmutableArray.CreateBuilder<PositionEvidence>(Positions);
        for (var rest = leaf[HeadBytes..]; !rest.IsEmpty; rest = rest[PositionBytes..])
        {
            positions.Add(ReadPosition(rest[..PositionBytes]));
        }

        return positions.DrainToImmutable();
    }

    /// <summary>
    /// A number in steps of 1 / scale, rounded half to even. Beyond the range it is the range's end (+-32,767); -32,768
    /// stands for not a number.
    /// </summary>
    public static short ToFixed(float value, float scale) => float.IsNaN(value)
        ? short.MinValue
        : (short)Math.Clamp(MathF.Round(value * scale), -short.MaxValue, short.MaxValue);

    public static float FromFixed(short value, float scale) => value == short.MinValue ? float.NaN : value / scale;

    private static PositionEvidence ReadPosition(ReadOnlySpan<byte> at)
    {
        var token = BinaryPrimitives.ReadInt32LittleEndian(at);
        var logProbability = Number(at, 4, LogProbabilityScale);
        var top = ImmutableArray.CreateBuilder<TokenLogProbability>(LogitEvidence.TopCount);
        for (var i = 0; i < LogitEvidence.TopCount; i++)
        {
            var candidate = BinaryPrimitives.ReadInt32LittleEndian(at[(6 + (4 * i))..]);
            if (candidate >= 0)
            {
                top.Add(new TokenLogProbability(candidate, Number(at, 26 + (2 * i), LogProbabilityScale)));
            }
        }

        var projection = ImmutableArray.CreateBuilder<float>(LogitProjection.Count);
        for (var i = 0; i < LogitProjection.Count; i++)
        {
            projection.Add(Number(at, 36 + (2 * i), ProjectionScale));
        }

        return new PositionEvidence(token, logProbability, top.DrainToImmutable(), projection.DrainToImmutable());
    }

    private static float Number(ReadOnlySpan<byte> at, int offset, float scale) =>
        FromFixed(BinaryPrimitives.ReadInt16LittleEndian(at[offset..]), scale);

    private static void Int(ref Span<byte> at, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(at, value);
        at = at[sizeof(int)..];
    }

    private static void Fixed(ref Span<byte> at, float value, float scale)
    {
        BinaryPrimitives.WriteInt16LittleEndian(at, ToFixed(value, scale));
        at = at[sizeof(short)..];
    }
}
