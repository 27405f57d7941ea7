namespace BTTInferGrid.Inference;

/// <summary>What else decides which tokens may come next.</summary>
internal interface ITokenFilter
{
    /// <summary>Whether a token may come next.</summary>
    bool Allows(int token);

    /// <summary>Sets the logits of all tokens that may not come next to negative infinity.</summary>
    void Restrict(Span<float> logits);
}
