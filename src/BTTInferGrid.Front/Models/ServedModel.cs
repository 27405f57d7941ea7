using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Models;

/// <summary>A model that clients may name, with its vocabulary loaded.</summary>
/// <param name="Model">What the configuration says of it.</param>
/// <param name="Profile">What a miner must run to serve it.</param>
/// <param name="Vocabulary">Its tokens and chat template.</param>
internal sealed record ServedModel(FrontModel Model, string Profile, Vocabulary Vocabulary);
