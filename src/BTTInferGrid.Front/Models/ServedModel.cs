using System.Collections.Immutable;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Models;

/// <summary>A model that clients may name, with its vocabulary loaded.</summary>
/// <param name="Model">What the configuration says of it.</param>
/// <param name="Vocabulary">Its tokens and chat template.</param>
internal sealed record ServedModel(FrontModel Model, Vocabulary Vocabulary)
{
    /// <summary>Begins the text of one answer.</summary>
    public TokenText NewText(ImmutableArray<string> stops) => new(Vocabulary, stops);
}
