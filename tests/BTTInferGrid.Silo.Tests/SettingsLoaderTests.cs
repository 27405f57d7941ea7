using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Testing;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.Silo.Tests;

/// <summary>Where a setting comes from, and what is said about a wrong one.</summary>
public sealed class SettingsLoaderTests : IDisposable
{
    private readonly TemporaryHome _folder = new();
    private readonly Dictionary<string, string> _environment = [];

    public SettingsLoaderTests() => File.WriteAllText(Path.Combine(_folder.Path, "model.gguf"), "");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_SmallestFile_HasEveryDefault()
    {
        var file = Load("""{"models": [{"id": "m", "file": "model.gguf", "contextTokens": 512}], "miner": {"model": "m"}}""").File;

        Assert.Equal("127.0.0.1", file.Front.Address);
        Assert.Equal(8080, file.Front.Port);
        Assert.Equal(256, file.Models[0].DefaultMaxTokens);
        Assert.Equal(32, file.Miner?.MaxSequences);
        Assert.Equal(8192, file.Miner?.CacheTokens);
        Assert.Equal(512, file.Miner?.BatchTokens);
        Assert.Equal(64, file.Miner?.PromptTokensBesideStreams);
        Assert.Null(file.Miner?.RetainedTokens);
        Assert.Equal(0, file.Miner?.Threads);
        Assert.Equal(Path.Combine(_folder.Path, "model.gguf"), file.Models[0].File);
    }

    [Fact]
    public void Load_OptionsOfTheGrains_AreThoseOfTheFile()
    {
        var file = Load("""
            {"models": [{"id": "m", "file": "model.gguf", "contextTokens": 512}],
             "routing": {"margin": 0, "silentFor": "00:00:07"}, "jobs": {"keptTraces": 3}, "miners": {"savePeriod": "00:01:00"}}
            """).File;

        Assert.Equal(0, file.Routing.Margin);
        Assert.Equal(TimeSpan.FromSeconds(7), file.Routing.SilentFor);
        Assert.Equal(256, file.Routing.ExpectedOutputTokens);
        Assert.Equal(3, file.Jobs.KeptTraces);
        Assert.Equal(TimeSpan.FromMinutes(1), file.Miners.SavePeriod);
    }

    [Fact]
    public void Load_Port_IsFlagOverEnvironmentOverFileOverDefault()
    {
        const string WithPort = """{"front": {"port": 1}, "models": [{"id": "m", "file": "model.gguf", "contextTokens": 512}]}""";
        Assert.Equal(1, Load(WithPort).File.Front.Port);

        _environment["BTTGRID_PORT"] = "2";
        Assert.Equal(2, Load(WithPort).File.Front.Port);
        Assert.Equal(3, Load(WithPort, new SettingsFlags(Port: "3")).File.Front.Port);
    }

    [Fact]
    public void Load_Home_IsFlagOverEnvironmentOverXdgFolder()
    {
        _environment["XDG_DATA_HOME"] = "/xdg";
        Assert.Equal("/xdg/bttgrid", Load(Model()).Home);

        _environment["BTTGRID_HOME"] = "/environment";
        Assert.Equal("/environment", Load(Model()).Home);
        Assert.Equal("/flag", Load(Model(), new SettingsFlags(Home: "/flag")).Home);
    }

    [Fact]
    public void Load_Database_IsEnvironmentOverFile()
    {
        const string WithDatabase = """
            {"cluster": {"database": "Host=file"}, "models": [{"id": "m", "file": "model.gguf", "contextTokens": 512}]}
            """;
        Assert.Null(Load(Model()).File.Cluster);
        Assert.Equal("Host=file", Load(WithDatabase).File.Cluster!.Database);

        _environment["BTTGRID_DATABASE"] = "Host=environment";
        Assert.Equal("Host=environment", Load(WithDatabase).File.Cluster!.Database);
        Assert.Equal("Host=environment", Load(Model()).File.Cluster!.Database);
    }

    [Fact]
    public void Load_Certificates_AreRelativeToTheFile()
    {
        foreach (var name in (string[])["own.pem", "own.key", "ca.pem"])
        {
            File.WriteAllText(Path.Combine(_folder.Path, name), "");
        }

        var tls = Load("""
            {"cluster": {"database": "Host=d", "address": "10.0.0.1", "tls": {"certificate": "own.pem", "key": "own.key", "authority": "ca.pem"}},
             "models": [{"id": "m", "file": "model.gguf", "contextTokens": 512}]}
            """).File.Cluster!.Tls!;

        Assert.Equal(
            ["own.pem", "own.key", "ca.pem"],
            ((string[])[tls.Certificate, tls.Key, tls.Authority]).Select(path => Path.GetRelativePath(_folder.Path, path)));
    }

    [Fact]
    public void Load_LogLevel_IsFlagOverEnvironmentOverWhoLooksOn()
    {
        Assert.Equal(LogLevel.Information, Load(Model()).LogLevel);

        _environment["BTTGRID_LOG_LEVEL"] = "error";
        Assert.Equal(LogLevel.Error, Load(Model()).LogLevel);
        Assert.Equal(LogLevel.Debug, Load(Model(), new SettingsFlags(LogLevel: "debug")).LogLevel);
        foreach (var wrong in (string[])["loud", "2"])
        {
            var error = Assert.Throws<ConfigurationException>(() => Load(Model(), new SettingsFlags(LogLevel: wrong)));
            Assert.Contains($"--log-level is '{wrong}'", error.Message);
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65")]
    public void Load_WrongMinersFlag_NamesTheFlag(string miners) => Assert.Contains(
        $"--miners is '{miners}'",
        Assert.Throws<ConfigurationException>(() => Load(Model(), new SettingsFlags(Miners: miners))).Message);

    [Fact]
    public void Load_EmptyEnvironment_IsAsIfUnset()
    {
        foreach (var name in (string[])["BTTGRID_PORT", "BTTGRID_HOME", "BTTGRID_CONFIG", "BTTGRID_DATABASE", "XDG_DATA_HOME"])
        {
            _environment[name] = "";
        }

        Assert.Equal(8080, Load(Model()).File.Front.Port);
    }

    [Theory]
    [InlineData("", "$")]
    [InlineData("null", "null")]
    [InlineData("{\n  \"front\": {\n    \"prot\": 1\n  }\n}", "line 3")]
    [InlineData("{\n  \"front\": {\n    \"prot\": 1\n  }\n}", "there is no setting 'prot'")]
    [InlineData("{\n  \"front\": {\n\n    \"port\": 65536\n  }\n}", "line 4, front.port")]
    [InlineData("{\"front\": {\"port\": 1, \"port\": 2}}", "port")]
    [InlineData("{\"models\": [{\"id\": \"m\", \"file\": \"model.gguf\", \"contextTokens\": 512, \"sha256\": \"ABC\"}]}", "models[0].sha256")]
    [InlineData("{\"cluster\": {}}", "cluster.database: it is missing")]
    [InlineData("{\"cluster\": {\"database\": \"Host=d\", \"address\": \"here\"}}", "cluster.address: 'here' is not an IP address")]
    [InlineData("{\"cluster\": {\"database\": \"rubbish\"}}", "it is not a connection string of PostgreSQL")]
    [InlineData("{\"cluster\": {\"database\": \"Host=d;Colour=red\"}}", "it is not a connection string of PostgreSQL")]
    [InlineData("{\"cluster\": {\"database\": \"Database=d\"}}", "it is not a connection string of PostgreSQL")]
    [InlineData("{\"cluster\": {\"database\": \"Host=d\", \"address\": \"0.0.0.0\"}}", "cluster.address: '0.0.0.0' is no address at which")]
    [InlineData("{\"cluster\": {\"database\": \"Host=d\", \"address\": \"10.0.0.1\"}}", "cluster.tls: it is missing")]
    [InlineData("{\"cluster\": {\"database\": \"Host=d\", \"gatewayPort\": 65536}}", "cluster.gatewayPort: it is 65536")]
    [InlineData("{\"cluster\": {\"database\": \"Host=d\", \"tls\": {\"key\": \"k\", \"authority\": \"a\"}}}", "certificate")]
    [InlineData("{\"cluster\": {\"database\": \"Host=d\", \"tls\": {\"certificate\": \"model.gguf\", \"key\": \"none\", \"authority\": \"a\"}}}", "cluster.tls.key: there is no file")]
    [InlineData("{\"telemetry\": {\"otlpEndpoint\": \"collector:4317\"}}", "telemetry.otlpEndpoint: 'collector:4317'")]
    [InlineData("{\"telemetry\": {\"metrics\": \"all\"}}", "telemetry.metrics")]
    [InlineData("{\"routing\": {\"margin\": -0.1}}", "line 1, routing.margin: it is -0.1; it must be between 0 and 1.")]
    [InlineData("{\n\"routing\": {\n\"silentFor\": \"00:00:01\"}}", "line 3, routing.silentFor: it is 00:00:01; it must be between 00:00:02 and 00:05:00.")]
    [InlineData("{\"routing\": {\"silentFor\": \"99999999999.00:00:00\"}}", "$.routing.silentFor: it must be a duration, such as \"00:00:05\"")]
    [InlineData("{\"routing\": {\"silentFor\": 5}}", "$.routing.silentFor: it must be a duration")]
    [InlineData("{\"routing\": {\"margin\": \"0.1\"}}", "$.routing.margin: it must be a number")]
    [InlineData("{\"routing\": null}", "routing")]
    [InlineData("{\"jobs\": {\"maxAttempts\": 0}}", "jobs.maxAttempts: it is 0; it must be between 1 and 100.")]
    [InlineData("{\"jobs\": {\"attempts\": 1}}", "there is no setting 'attempts'")]
    [InlineData("{\"miners\": {\"speedWeight\": 1.5}}", "miners.speedWeight: it is 1.5; it must be between 0.01 and 1.")]
    [InlineData("{\"front\": null}", "front")]
    [InlineData("{\"models\": null}", "models")]
    [InlineData("{\"models\": []}", "models: it is empty")]
    [InlineData("{\"models\": [{\"id\": \"m\"}]}", "file")]
    [InlineData("{\"front\": {\"port\": \"x\"}}", "$.front.port")]
    [InlineData("{\"front\": {\"port\": 65536}, \"models\": [{\"id\": \"m\", \"file\": \"model.gguf\", \"contextTokens\": 512}]}", "front.port: it is 65536")]
    [InlineData("{\"front\": {\"address\": \"here\"}, \"models\": [{\"id\": \"m\", \"file\": \"model.gguf\", \"contextTokens\": 512}]}", "'here' is not an IP address")]
    [InlineData("{\"models\": [{\"id\": \"m\", \"file\": \"no.gguf\", \"contextTokens\": 512}]}", "models[0].file: there is no file")]
    [InlineData("{\"models\": [{\"id\": \"it's\", \"file\": \"model.gguf\", \"contextTokens\": 512}]}", "models[0].id")]
    [InlineData("{\"models\": [{\"id\": \"m\", \"file\": \"model.gguf\", \"contextTokens\": 512}, {\"id\": \"m\", \"file\": \"model.gguf\", \"contextTokens\": 512}]}", "models[1].id: 'm' is there twice")]
    [InlineData("{\"models\": [{\"id\": \"m\", \"file\": \"model.gguf\", \"contextTokens\": 512, \"defaultMaxTokens\": 512}]}", "between 1 and 511")]
    public void Load_WrongFile_SaysWhere(string json, string where)
    {
        var error = Assert.Throws<ConfigurationException>(() => Load(json));

        Assert.Contains(where, error.Message);
        Assert.Contains("silo.json", error.Message);
    }

    [Theory]
    [InlineData("\"model\": \"other\"", "miner.model: there is no model 'other'; there are m")]
    [InlineData("\"model\": \"m\", \"cacheTokens\": 255", "miner.cacheTokens")]
    [InlineData("\"model\": \"m\", \"cacheTokens\": 511", "one request of 'm' may need 512")]
    [InlineData("\"model\": \"m\", \"maxSequences\": 256", "miner.maxSequences")]
    [InlineData("\"model\": \"m\", \"batchTokens\": 32", "miner.batchTokens: it is 32; it must be between 33 and 4096")]
    [InlineData("\"model\": \"m\", \"cacheTokens\": 1024, \"batchTokens\": 1025", "miner.batchTokens: it is 1025; it must be between 33 and 1024")]
    [InlineData("\"model\": \"m\", \"promptTokensBesideStreams\": 0", "miner.promptTokensBesideStreams")]
    [InlineData("\"model\": \"m\", \"promptTokensBesideStreams\": 4097", "miner.promptTokensBesideStreams")]
    [InlineData("\"model\": \"m\", \"retainedTokens\": -1", "miner.retainedTokens")]
    [InlineData("\"model\": \"m\", \"threads\": -1", "miner.threads")]
    public void Load_WrongMiner_SaysWhere(string miner, string where)
    {
        var error = Assert.Throws<ConfigurationException>(() => Load(
            $$"""{"models": [{"id": "m", "file": "model.gguf", "contextTokens": 512}], "miner": { {{miner}} } }"""));

        Assert.Contains(where, error.Message);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("65536")]
    [InlineData("abc")]
    public void Load_WrongPortFlag_NamesTheFlag(string port)
    {
        var error = Assert.Throws<ConfigurationException>(() => Load(Model(), new SettingsFlags(Port: port)));

        Assert.Contains($"--port is '{port}'", error.Message);
    }

    [Fact]
    public void Load_NamedFileThatIsNotThere_SaysSo()
    {
        var error = Assert.Throws<ConfigurationException>(
            () => SettingsLoader.Load(new SettingsFlags(Config: "/no/such/silo.json"), _ => null));

        Assert.Contains("/no/such/silo.json", error.Message);
    }

    private static string Model() => """{"models": [{"id": "m", "file": "model.gguf", "contextTokens": 512}]}""";

    private SiloSettings Load(string json, SettingsFlags? flags = null)
    {
        var path = Path.Combine(_folder.Path, "silo.json");
        File.WriteAllText(path, json);
        return SettingsLoader.Load((flags ?? new SettingsFlags()) with { Config = path }, _environment.GetValueOrDefault);
    }
}
