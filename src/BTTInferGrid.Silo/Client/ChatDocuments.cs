namespace BTTInferGrid.Silo.Client;

/// <summary>A message of a conversation.</summary>
internal sealed record ChatTurn(string Role, string Content);

/// <summary>The body of <c>POST /v1/chat/completions</c>; what is null is left out.</summary>
internal sealed record ChatRequestDocument(
    string Model, IReadOnlyList<ChatTurn> Messages, int? MaxTokens = null, double? Temperature = null, long? Seed = null)
{
    public bool Stream { get; } = true;

    public StreamOptionsDocument StreamOptions { get; } = new(IncludeUsage: true);
}

internal sealed record StreamOptionsDocument(bool IncludeUsage);

/// <summary>One event of a streamed answer, or the error that ends it.</summary>
internal sealed record ChatChunkDocument(
    IReadOnlyList<ChatChoiceDocument>? Choices = null, UsageDocument? Usage = null, ApiErrorBody? Error = null);

internal sealed record ChatChoiceDocument(ChatDeltaDocument? Delta = null, string? FinishReason = null);

internal sealed record ChatDeltaDocument(string? Content = null);

internal sealed record UsageDocument(int PromptTokens, int CompletionTokens);

/// <summary>An answer of the API that is an error.</summary>
internal sealed record ApiErrorDocument(ApiErrorBody? Error = null);

internal sealed record ApiErrorBody(string? Message = null, string? Code = null, string? Type = null);

/// <summary>What <c>bttgrid chat --format json</c> tells. The usage is null for an answer that was interrupted.</summary>
internal sealed record ChatAnswerDocument(string Model, string Content, string FinishReason, UsageDocument? Usage);
