using System.Text.Json.Serialization;

namespace BTTInferGrid.Silo.Client;

/// <summary>What is sent to a grid and read from it. Fields that a newer grid adds are ignored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(MinersDocument))]
[JsonSerializable(typeof(MinerDocument))]
[JsonSerializable(typeof(SuspensionDocument))]
[JsonSerializable(typeof(ServedModelsDocument))]
[JsonSerializable(typeof(KeysDocument))]
[JsonSerializable(typeof(NewKeyDocument))]
[JsonSerializable(typeof(RevokedDocument))]
[JsonSerializable(typeof(ChatRequestDocument))]
[JsonSerializable(typeof(ChatChunkDocument))]
[JsonSerializable(typeof(ApiErrorDocument))]
internal sealed partial class ClientJson : JsonSerializerContext;
