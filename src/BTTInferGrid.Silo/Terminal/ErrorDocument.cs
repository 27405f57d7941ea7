using System.Text.Json.Serialization;

namespace BTTInferGrid.Silo.Terminal;

/// <summary>An error as <c>--format json</c> has it, on one line.</summary>
internal sealed record ErrorDocument(ErrorBody Error);

/// <param name="Code">A stable name of the reason.</param>
/// <param name="Message">For people.</param>
internal sealed record ErrorBody(string Code, string Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ErrorDocument))]
internal sealed partial class LineJson : JsonSerializerContext;
