namespace BTTInferGrid.Inference;

/// <summary>One row of a model file's tensor table.</summary>
/// <param name="Name">Its name, such as <c>blk.0.attn_q.weight</c>.</param>
/// <param name="Type">How its numbers are stored.</param>
/// <param name="Dimensions">Its size along each of one to four dimensions, the innermost first.</param>
/// <param name="Part">Index into <see cref="GgufFile.Parts"/> of the file that holds it.</param>
/// <param name="Offset">Where its data begins, in bytes from the start of that file.</param>
/// <param name="Bytes">Length of its data.</param>
public sealed record GgufTensor(
    string Name, GgufTensorType Type, IReadOnlyList<long> Dimensions, int Part, long Offset, long Bytes)
{
    /// <summary>How many numbers it holds.</summary>
    public long Elements => Dimensions.Aggregate(1L, (product, dimension) => product * dimension);
}
