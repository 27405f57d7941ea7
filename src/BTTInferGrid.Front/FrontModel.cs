namespace BTTInferGrid.Front;

/// <summary>A model of the catalogue as the front needs it: to count, render and bound requests.</summary>
/// <param name="Id">Name that clients use.</param>
/// <param name="File">GGUF file; the front reads only its vocabulary and chat template.</param>
/// <param name="ContextTokens">Most tokens, prompt and answer together, of one request.</param>
/// <param name="DefaultMaxTokens">Length limit of an answer when the client names none.</param>
public sealed record FrontModel(string Id, string File, int ContextTokens, int DefaultMaxTokens);
