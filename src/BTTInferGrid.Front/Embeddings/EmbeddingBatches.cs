using System.Collections.Immutable;

namespace BTTInferGrid.Front.Embeddings;

/// <summary>
/// Divides the inputs of a request into jobs. One job's vectors come in one message, and it is computed in one call, so
/// neither may become large.
/// </summary>
internal static class EmbeddingBatches
{
    /// <summary>Numbers in all vectors of one job: 1 MiB.</summary>
    public const int MaxNumbers = 1 << 18;

    /// <summary>Tokens of all inputs of one job, unless one input alone has more.</summary>
    public const int MaxTokens = 4096;

    /// <param name="inputs">Token ids of each input.</param>
    /// <param name="dimensions">Numbers in a vector.</param>
    /// <returns>The inputs in order, in parts.</returns>
    public static List<ImmutableArray<ImmutableArray<int>>> Divide(IReadOnlyList<ImmutableArray<int>> inputs, int dimensions)
    {
        var most = Math.Max(1, MaxNumbers / dimensions);
        var batches = new List<ImmutableArray<ImmutableArray<int>>>();
        var batch = ImmutableArray.CreateBuilder<ImmutableArray<int>>();
        var tokens = 0;
        foreach (var input in inputs)
        {
            if (batch.Count == most || (batch.Count > 0 && tokens + input.Length > MaxTokens))
            {
                batches.Add(batch.DrainToImmutable());
                tokens = 0;
            }

            batch.Add(input);
            tokens += input.Length;
        }

        batches.Add(batch.DrainToImmutable());
        return batches;
    }
}
