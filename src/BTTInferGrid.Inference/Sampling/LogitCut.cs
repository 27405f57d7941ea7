using System.Numerics.Tensors;

namespace BTTInferGrid.Inference;

/// <summary>
/// Top-k, top-p and min-p as one lowest logit that may still be chosen. A cut in logits, unlike a set of tokens, tells
/// how near to the border a token was. Owns its working memory: no allocation per call, one caller at a time.
/// </summary>
internal sealed class LogitCut(int vocabularySize)
{
    private readonly float[] _weights = new float[vocabularySize];
    private readonly float[] _heap = new float[vocabularySize];

    /// <summary>The lowest logit kept; negative infinity keeps all.</summary>
    /// <param name="logits">One finite or negative infinite logit per token.</param>
    /// <param name="peak">The largest of them.</param>
    /// <param name="parameters">Valid parameters with a temperature above 0.</param>
    public float Find(ReadOnlySpan<float> logits, float peak, SamplingParameters parameters)
    {
        var cut = parameters.MinP > 0
            ? peak + (parameters.Temperature * MathF.Log(parameters.MinP))
            : float.NegativeInfinity;
        if (parameters.TopK > 0 && parameters.TopK < logits.Length)
        {
            cut = Math.Max(cut, CutTopK(logits, peak, parameters));
        }
        else if (parameters.TopP < 1)
        {
            cut = Math.Max(cut, CutTopP(logits, peak, parameters));
        }

        return cut;
    }

    private float CutTopK(ReadOnlySpan<float> logits, float peak, SamplingParameters parameters)
    {
        var count = Gather(logits, float.NegativeInfinity);
        var kept = _weights.AsSpan(0, Math.Min(parameters.TopK, count));
        MakeHeap(count);
        for (var i = 0; i < kept.Length; i++)
        {
            kept[i] = Pop(ref count);
        }

        if (parameters.TopP == 1)
        {
            return kept[^1];
        }

        double total = 0;
        foreach (var logit in kept)
        {
            total += Weight(logit, peak, parameters.Temperature);
        }

        double reached = 0;
        foreach (var logit in kept)
        {
            reached += Weight(logit, peak, parameters.Temperature);
            if (reached >= parameters.TopP * total)
            {
                return logit;
            }
        }

        return kept[^1];
    }

    private float CutTopP(ReadOnlySpan<float> logits, float peak, SamplingParameters parameters)
    {
        var weights = _weights.AsSpan(0, logits.Length);
        TensorPrimitives.Subtract(logits, peak, weights);
        TensorPrimitives.Divide(weights, parameters.Temperature, weights);
        TensorPrimitives.Exp(weights, weights);
        var total = (double)TensorPrimitives.Sum<float>(weights);

        // All tokens lighter than this together weigh less than what top-p leaves out, so the cut lies above.
        var lightest = (1 - parameters.TopP) * total / logits.Length;
        var count = Gather(logits, peak + (parameters.Temperature * (float)Math.Log(lightest)));
        MakeHeap(count);
        double reached = 0;
        var cut = peak;
        while (count > 0 && reached < parameters.TopP * total)
        {
            cut = Pop(ref count);
            reached += Weight(cut, peak, parameters.Temperature);
        }

        return cut;
    }

    private static double Weight(float logit, float peak, float temperature) =>
        Math.Exp((logit - peak) / (double)temperature);

    private int Gather(ReadOnlySpan<float> logits, float least)
    {
        var count = 0;
        foreach (var logit in logits)
        {
            if (logit >= least)
            {
                _heap[count++] = logit;
            }
        }

        return count;
    }

    private void MakeHeap(int count)
    {
        for (var parent = (count / 2) - 1; parent >= 0; parent--)
        {
            Sink(parent, count);
        }
    }

    private float Pop(ref int count)
    {
        var top = _heap[0];
        _heap[0] = _heap[--count];
        Sink(0, count);
        return top;
    }

    private void Sink(int parent, int count)
    {
        var value = _heap[parent];
        for (var child = (2 * parent) + 1; child < count; child = (2 * parent) + 1)
        {
            if (child + 1 < count && _heap[child + 1] > _heap[child])
            {
                child++;
            }

            if (_heap[child] <= value)
            {
                break;
            }

            _heap[parent] = _heap[child];
            parent = child;
        }

        _heap[parent] = value;
    }
}
