using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using BTTInferGrid.Grains.Jobs;
using BTTInferGrid.Grains.Miners;
using BTTInferGrid.Grains.Routing;
using BTTInferGrid.Silo.Catalogue;
using BTTInferGrid.Silo.Configuration;
using FluentAssertions;

namespace BTTInferGrid.Silo.Tests;

/// <summary>The schemas that ship say what the program reads: the same names, the same required ones, the same defaults.</summary>
public sealed class SchemaTests
{
    private static readonly string Folder = AppContext.BaseDirectory;

    [Fact]
    public void SiloSchema_EveryType_IsInStepWithTheProgram()
    {
        var schema = Read("silo.schema.json");

        InStep(schema, "", SiloFileContext.Default.SiloFile, new SiloFile());
        InStep(schema, "front", SiloFileContext.Default.FrontSection, new FrontSection());
        InStep(schema, "model", SiloFileContext.Default.ModelSection, new ModelSection { Id = "m", File = "m", ContextTokens = 2 });
        InStep(schema, "probe", SiloFileContext.Default.ProbeSection, new ProbeSection { Question = "q", Answer = "a" });
        InStep(schema, "miner", SiloFileContext.Default.MinerSection, new MinerSection { Model = "m" });
        InStep(schema, "cluster", SiloFileContext.Default.ClusterSection, new ClusterSection());
        InStep(schema, "tls", SiloFileContext.Default.TlsSection, new TlsSection { Certificate = "c", Key = "k", Authority = "a" });
        InStep(schema, "telemetry", SiloFileContext.Default.TelemetrySection, new TelemetrySection());
        InStep(schema, "ask", SiloFileContext.Default.AskSection, new AskSection());
        InStep(schema, "routing", SiloFileContext.Default.RoutingOptions, new RoutingOptions());
        InStep(schema, "jobs", SiloFileContext.Default.JobOptions, new JobOptions());
        InStep(schema, "miners", SiloFileContext.Default.MinerOptions, new MinerOptions());
    }

    [Fact]
    public void CatalogueSchema_Model_IsInStepWithTheProgram()
    {
        var schema = Read("models/catalogue.schema.json");

        InStep(schema, "", CatalogueFileContext.Default.CatalogueFile, new CatalogueFile { Models = [] });
        InStep(schema, "model", CatalogueFileContext.Default.CatalogueEntry, new CatalogueEntry
        {
            Id = "m",
            Name = "m",
            Publisher = "p",
            Family = "f",
            ChatTemplate = "t",
            ContextTokens = 2,
            Quantizations = [],
            License = "l",
        });
    }

    [Theory]
    [InlineData("silo.json", "silo.schema.json")]
    [InlineData("models/catalogue.json", "models/catalogue.schema.json")]
    public void ShippedFile_Schema_IsBesideIt(string file, string schema)
    {
        var path = Path.Combine(Folder, file);
        var named = JsonNode.Parse(
            File.ReadAllText(path), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!["$schema"];

        Assert.Equal(Path.Combine(Folder, schema), Path.GetFullPath((string)named!, Path.GetDirectoryName(path)!));
        Assert.True(File.Exists(Path.Combine(Folder, schema)));
    }

    [Fact]
    public void SiloSchema_Ranges_AreThoseThatTheProgramChecks()
    {
        var schema = Read("silo.schema.json");
        foreach (var (section, name) in (IEnumerable<(string, string)>)
            [
                ("front", "port"), ("cluster", "port"), ("cluster", "gatewayPort"), ("miner", "count"), ("miner", "maxSequences"),
                ("miner", "cacheTokens"), ("miner", "promptTokensBesideStreams"), ("miner", "retainedTokens"), ("miner", "threads"),
            ])
        {
            var setting = schema["$defs"]![section]!["properties"]![name]!;
            Assert.Contains($"{section}.{name}", Refusal(section, name, (long)setting["minimum"]! - 1));
            Assert.Contains($"{section}.{name}", Refusal(section, name, (long)setting["maximum"]! + 1));
        }
    }

    [Theory]
    [InlineData("routing", typeof(RoutingOptions))]
    [InlineData("jobs", typeof(JobOptions))]
    [InlineData("miners", typeof(MinerOptions))]
    public void SiloSchema_OptionsOfTheGrains_HaveTheRangesOfTheirAttributes(string section, Type options)
    {
        var described = Read("silo.schema.json")["$defs"]![section]!["properties"]!;
        foreach (var property in options.GetProperties())
        {
            var setting = described[JsonNamingPolicy.CamelCase.ConvertName(property.Name)]!;
            var range = property.GetCustomAttribute<RangeAttribute>();
            range.Should().NotBeNull("{0} must have a range", property.Name);
            if (property.PropertyType == typeof(TimeSpan))
            {
                ((string)setting["description"]!).Should().EndWith($"; {range!.Minimum} to {range.Maximum}.");
            }
            else
            {
                ((double)setting["minimum"]!).Should().Be(Convert.ToDouble(range!.Minimum, CultureInfo.InvariantCulture));
                ((double)setting["maximum"]!).Should().Be(Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture));
            }
        }
    }

    private static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!;

    private static string Refusal(string section, string name, long value)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, $$"""
                {"models": [{"id": "m", "file": "{{file}}", "contextTokens": 2, "defaultMaxTokens": 1}],
                 "{{section}}": { {{Needed(section)}} "{{name}}": {{value}} } }
                """);
            return Assert.Throws<ConfigurationException>(
                () => SettingsLoader.Load(new SettingsFlags(Config: file, Home: "/nowhere"), static _ => null)).Message;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Needed(string section) => section switch
    {
        "miner" => "\"model\": \"m\",",
        "cluster" => "\"database\": \"Host=nowhere\",",
        _ => "",
    };

    /// <summary>Both ways: every property of the type is in the schema and the other way round; so are what is required and the defaults.</summary>
    private static void InStep<T>(JsonNode schema, string definition, JsonTypeInfo<T> type, T defaults)
    {
        var described = definition.Length == 0 ? schema : schema["$defs"]![definition]!;
        var properties = described["properties"]!.AsObject();
        Assert.Equal(
            type.Properties.Select(static property => property.Name).Order(StringComparer.Ordinal),
            properties.Select(static property => property.Key).Order(StringComparer.Ordinal));
        Assert.Equal(
            type.Properties.Where(static property => property.IsRequired).Select(static property => property.Name).Order(StringComparer.Ordinal),
            (described["required"]?.AsArray() ?? []).Select(static name => (string)name!).Order(StringComparer.Ordinal));
        Assert.False((bool)described["additionalProperties"]!);

        var values = JsonSerializer.SerializeToNode(defaults, type)!;
        foreach (var property in type.Properties)
        {
            var told = properties[property.Name]!;
            var text = told["description"] ?? (told["$ref"] is { } reference ? schema["$defs"]![((string)reference!)["#/$defs/".Length..]]!["description"] : null);
            Assert.False(string.IsNullOrEmpty((string?)text), $"{definition}.{property.Name} has no description");
            if (!property.IsRequired && values[property.Name] is JsonValue or JsonArray)
            {
                Assert.True(
                    JsonNode.DeepEquals(values[property.Name], told["default"]),
                    $"{definition}.{property.Name} is {values[property.Name]} by default; the schema says {told["default"]}");
            }
        }
    }
}
