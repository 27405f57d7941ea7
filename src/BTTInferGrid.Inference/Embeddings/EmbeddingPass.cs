using System.Numerics.Tensors;

namespace BTTInferGrid.Inference;

/// <summary>
/// The computation of embeddings: as many inputs at a time as fit a batch, each a sequence of its own. Belongs to the
/// embedder's thread, which also disposes it.
/// </summary>
internal sealed class EmbeddingPass(EngineContext context, Vocabulary vocabulary, int batchInputs, int dimensions)
    : IDisposable
{
    /// <summary>One vector of length 1 for each checked input, in order.</summary>
    /// <exception cref="OperationCanceledException">Between two batches.</exception>
    /// <exception cref="RequestFailedException">The model's vector of an input has no direction.</exception>
    public IReadOnlyList<float[]> Run(int[][] inputs, CancellationToken cancellationToken)
    {
        var embeddings = new float[inputs.Length][];
        for (var first = 0; first < inputs.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var end = Fill(inputs, first);
            context.RemoveAll();
            if (!context.Decode())
            {
                throw new EngineFailedException(
                    $"A cache of {context.CacheTokens} tokens has no room for {context.Count} although it is empty.");
            }

            for (var i = first; i < end; i++)
            {
                embeddings[i] = Normalized(context.Embedding(i - first, dimensions), i);
            }

            first = end;
        }

        return embeddings;
    }

    public void Dispose()
    {
        context.Dispose();
        vocabulary.Dispose();
    }

    /// <summary>Fills the batch with inputs from one on; the index after the last that fits.</summary>
    private int Fill(int[][] inputs, int first)
    {
        context.Clear();
        var end = first;
        for (; end < inputs.Length && end - first < batchInputs; end++)
        {
            var input = inputs[end];
            if (input.Length > context.Capacity - context.Count)
            {
                break;
            }

            for (var position = 0; position < input.Length; position++)
            {
                context.Add(input[position], position, end - first, wantsLogits: true);
            }
        }

        return end;
    }

    private static float[] Normalized(ReadOnlySpan<float> embedding, int index)
    {
        var length = TensorPrimitives.Norm(embedding);
        if (!(length > 0 && float.IsFinite(length)))
        {
            throw new RequestFailedException(
                field: null, $"The model's vector of inputs[{index}] has length {length}; its weights or its back end are broken.");
        }

        var result = new float[embedding.Length];
        TensorPrimitives.Divide(embedding, length, result);
        return result;
    }
}
