using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using BTTInferGrid.Chain.Deployment;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Files;

namespace BTTInferGrid.Silo.Chains;

/// <summary>
/// What contracts are deployed with, as a file: amounts are texts in BTT, times whole seconds, shares basis points.
/// </summary>
internal static class ParametersFile
{
    /// <summary>The parameters of a preset, with those changed that the file has.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read, or has a mistake.</exception>
    public static DeploymentParameters Read(string path, DeploymentParameters preset)
    {
        // Read by itself first, since only then a mistake has a line of the file.
        var changes = JsonFile<DeploymentParameters>.Read(path, ParametersContext.Default.DeploymentParameters).Json;
        var whole = JsonSerializer.SerializeToNode(preset, ParametersContext.Default.DeploymentParameters)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(changes.Span)!.AsObject())
        {
            whole[name] = value?.DeepClone();
        }

        return whole.Deserialize(ParametersContext.Default.DeploymentParameters)!;
    }

    /// <summary>Parameters as such a file has them.</summary>
    public static string Write(DeploymentParameters parameters) =>
        JsonSerializer.Serialize(parameters, ParametersContext.Default.DeploymentParameters);

    internal sealed class BttConverter : JsonConverter<BigInteger>
    {
        public override BigInteger Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            Text(ref reader, static text => Wei.ParseBtt(text));

        public override void Write(Utf8JsonWriter writer, BigInteger value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Wei.FormatBtt(value));
    }

    internal sealed class SecondsConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number && reader.TryGetUInt32(out var seconds)
                ? TimeSpan.FromSeconds(seconds)
                : throw new JsonException("a time is a whole number of seconds.");

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteNumberValue((long)value.TotalSeconds);
    }

    internal sealed class AddressConverter : JsonConverter<Address>
    {
        public override Address Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            Text(ref reader, Address.Parse);

        public override void Write(Utf8JsonWriter writer, Address value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }

    private static T Text<T>(ref Utf8JsonReader reader, Func<string, T> parse)
    {
        try
        {
            return reader.TokenType == JsonTokenType.String
                ? parse(reader.GetString()!)
                : throw new JsonException("an amount or an address is a text, in quotes.");
        }
        catch (FormatException error)
        {
            throw new JsonException(error.Message, error);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Disallow,
    AllowDuplicateProperties = false,
    WriteIndented = true,
    Converters = [typeof(ParametersFile.BttConverter), typeof(ParametersFile.SecondsConverter), typeof(ParametersFile.AddressConverter)])]
[JsonSerializable(typeof(DeploymentParameters))]
internal sealed partial class ParametersContext : JsonSerializerContext;
