namespace BTTInferGrid.Inference;

/// <summary>A model of the catalogue with its vocabulary loaded.</summary>
/// <param name="Model">What the operator says of it.</param>
/// <param name="Profile">What a miner must run to serve it.</param>
/// <param name="Vocabulary">Its tokens and chat template.</param>
public sealed record ServedModel(CatalogueModel Model, string Profile, Vocabulary Vocabulary);
