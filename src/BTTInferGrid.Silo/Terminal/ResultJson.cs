using System.Text.Json.Serialization;
using BTTInferGrid.Silo.Catalogue;
using BTTInferGrid.Silo.Hosting;

namespace BTTInferGrid.Silo.Terminal;

/// <summary>What commands print with <c>--format json</c>. Names are a contract, told in docs/cli.md.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ReadyDocument))]
[JsonSerializable(typeof(ModelsDocument))]
[JsonSerializable(typeof(ModelDocument))]
[JsonSerializable(typeof(RemovedDocument))]
[JsonSerializable(typeof(ModelFileDocument))]
internal sealed partial class ResultJson : JsonSerializerContext;
