namespace BTTInferGrid.Inference;

/// <summary>How the vectors of an input's tokens become one. The numbers are llama.cpp's.</summary>
public enum EmbeddingPooling
{
    /// <summary>Their mean.</summary>
    Mean = 1,

    /// <summary>The first token's.</summary>
    First = 2,

    /// <summary>The last token's.</summary>
    Last = 3,
}
