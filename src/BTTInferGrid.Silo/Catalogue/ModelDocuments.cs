using BTTInferGrid.Inference;

namespace BTTInferGrid.Silo.Catalogue;

/// <summary>What <c>bttgrid models list</c> tells.</summary>
internal sealed record ModelsDocument(IReadOnlyList<ModelDocument> Models, IReadOnlyList<CatalogueDocument> Catalogue);

/// <summary>An added model.</summary>
internal sealed record ModelDocument(
    string Id, string? Catalogue, string File, bool Copied, string Sha256, long Bytes, string Architecture, string Quantization, int ContextTokens)
{
    public static ModelDocument Of(AddedModel model, ModelStore store) => new(
        model.Id, model.Catalogue, store.PathOf(model), model.Copied, model.Sha256, model.Bytes, model.Architecture, model.Quantization,
        model.ContextTokens);
}

/// <summary>A model of the catalogue. <c>Source</c> is null for one that ships with the program.</summary>
internal sealed record CatalogueDocument(
    string Id, string Name, string Publisher, string Family, string ChatTemplate, int ContextTokens,
    IReadOnlyList<CatalogueQuantization> Quantizations, string? Source, string License, bool Added)
{
    public static CatalogueDocument Of(CatalogueEntry entry, IEnumerable<AddedModel> added) => new(
        entry.Id, entry.Name, entry.Publisher, entry.Family, entry.ChatTemplate, entry.ContextTokens, entry.Quantizations, entry.Source,
        entry.License, added.Any(model => model.Catalogue == entry.Id));
}

/// <summary>What was removed, and whether its files were deleted.</summary>
internal sealed record RemovedDocument(string Id, string File, bool Deleted);

/// <summary>What a file says of itself. The hash is null where it was not computed.</summary>
internal sealed record ModelFileDocument(
    string File, string? Name, string Architecture, string Quantization, long Bytes, int Parts, long Parameters, int VocabularySize,
    int ContextTokens, bool HasChatTemplate, string? Sha256)
{
    public static ModelFileDocument Of(GgufFile file, string? sha256) => new(
        file.Path, file.Name, file.Architecture, file.Quantization, file.Bytes, file.Parts.Count, file.Parameters, file.VocabularySize,
        file.ContextLength, file.ChatTemplate is not null, sha256);
}
