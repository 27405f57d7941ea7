namespace BTTInferGrid.Silo.Catalogue;

/// <summary>What <c>bttgrid models add</c> is asked for.</summary>
/// <param name="Name">A model of the catalogue, or any name.</param>
/// <param name="File">GGUF file; null for the one that ships with the program.</param>
/// <param name="Id">Name that clients will use; null for <paramref name="Name"/>.</param>
/// <param name="Link">Leave the file where it is.</param>
/// <param name="ContextTokens">Most tokens of one request; null for a default.</param>
internal sealed record ModelWish(string Name, string? File, string? Id, bool Link, int? ContextTokens);
