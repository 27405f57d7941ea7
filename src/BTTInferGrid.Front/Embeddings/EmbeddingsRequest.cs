using BTTInferGrid.Front.Inputs;

namespace BTTInferGrid.Front.Embeddings;

/// <summary>A request for embeddings, checked; the inputs are not yet all tokens.</summary>
/// <param name="Model">Model id.</param>
/// <param name="Inputs">The texts.</param>
/// <param name="AsBase64">Whether vectors are wanted as base64 of 32-bit floats, little-endian, instead of as numbers.</param>
/// <param name="Dimensions">How many numbers a vector must have; null for as many as the model's have.</param>
internal sealed record EmbeddingsRequest(string Model, IReadOnlyList<TextInput> Inputs, bool AsBase64, int? Dimensions);
