using System.Text.Json;
using BTTInferGrid.Testing;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>Wallets by the command line, as a user has them.</summary>
public sealed class WalletTests : IDisposable
{
    // The first example of EIP-155: a key that everyone knows, and its address.
    private const string Key = "4646464646464646464646464646464646464646464646464646464646464646";
    private const string Address = "0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F";
    private const string Password = "correct horse";
    private readonly TemporaryHome _home = new();
    private readonly string _password;

    public WalletTests()
    {
        _password = Path.Combine(_home.Path, "password");
        File.WriteAllText(_password, Password + "\n");
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task New_IsListedAndItsFileIsPrivate()
    {
        var made = JsonOf(await RunAsync("new", "--password-file", _password, "--format", "json"));

        var listed = JsonOf(await RunAsync("list", "--format", "json")).GetProperty("data")[0];
        Assert.Equal(made.GetProperty("address").GetString(), listed.GetProperty("address").GetString());
        var file = listed.GetProperty("file").GetString()!;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task ImportAndExport_OfAKey_GiveItBackAndNeverShowIt()
    {
        var secret = Path.Combine(_home.Path, "secret");
        await File.WriteAllTextAsync(secret, $"0x{Key}\n");
        var copy = Path.Combine(_home.Path, "copy");

        var (importExit, importOutput, importLog) = await RunAsync("import", secret, "--password-file", _password);
        var (exportExit, exportOutput, exportLog) = await RunAsync("export", copy, "--password-file", _password);

        Assert.Equal((0, 0), (importExit, exportExit));
        Assert.Contains(Address, importOutput, StringComparison.Ordinal);
        Assert.Equal(Key + "\n", await File.ReadAllTextAsync(copy));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
        var all = importOutput + importLog + exportOutput + exportLog;
        Assert.DoesNotContain(Key, all, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Password, all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_Again_IsRefused()
    {
        var secret = Path.Combine(_home.Path, "secret");
        await File.WriteAllTextAsync(secret, Key);
        await RunAsync("import", secret, "--password-file", _password);

        var (exitCode, _, log) = await RunAsync("import", secret, "--password-file", _password, "--format", "json");

        Assert.Equal((1, "wallet_exists"), (exitCode, CodeOf(log)));
    }

    [Fact]
    public async Task Export_WrongPassword_SaysSoAndWritesNothing()
    {
        await RunAsync("new", "--password-file", _password);
        var wrong = Path.Combine(_home.Path, "wrong");
        await File.WriteAllTextAsync(wrong, "another");
        var copy = Path.Combine(_home.Path, "copy");

        var (exitCode, _, log) = await RunAsync("export", copy, "--password-file", wrong, "--format", "json");

        Assert.Equal((1, "wrong_password"), (exitCode, CodeOf(log)));
        Assert.False(File.Exists(copy));
    }

    [Fact]
    public async Task New_NobodyToAskForAPassword_SaysWhatToDo()
    {
        var (exitCode, _, log) = await RunAsync("new", "--format", "json");

        Assert.Equal((2, "no_password"), (exitCode, CodeOf(log)));
        Assert.Contains("--password-file", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_FileWithoutAKey_SaysSoAndShowsNothingOfIt()
    {
        var secret = Path.Combine(_home.Path, "secret");
        await File.WriteAllTextAsync(secret, "0000000000000000000000000000000000000000000000000000000000000000");

        var (exitCode, _, log) = await RunAsync("import", secret, "--password-file", _password, "--format", "json");

        Assert.Equal((2, "wrong_key"), (exitCode, CodeOf(log)));
    }

    private Task<(int ExitCode, string Output, string Log)> RunAsync(params string[] arguments) =>
        GridProcess.RunAsync(["wallet", .. arguments, "--home", _home.Path]);

    private static JsonElement JsonOf((int ExitCode, string Output, string Log) run)
    {
        Assert.True(run.ExitCode == 0, run.Log);
        return JsonSerializer.Deserialize<JsonElement>(run.Output);
    }

    private static string? CodeOf(string log) =>
        JsonSerializer.Deserialize<JsonElement>(log).GetProperty("error").GetProperty("code").GetString();
}
