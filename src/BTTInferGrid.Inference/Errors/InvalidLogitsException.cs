namespace BTTInferGrid.Inference;

/// <summary>The model produced no usable logits at one position: its weights or its back end are broken.</summary>
public sealed class InvalidLogitsException : Exception
{
    internal InvalidLogitsException(int position, float largest)
        : base($"The largest logit at position {position} is {largest}; no token can be chosen.")
    {
        Position = position;
        Largest = largest;
    }

    /// <summary>Position of the token that was to be chosen.</summary>
    public int Position { get; }

    /// <summary>The largest logit: NaN or an infinity.</summary>
    public float Largest { get; }
}
