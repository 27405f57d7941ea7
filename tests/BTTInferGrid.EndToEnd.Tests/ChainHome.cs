using System.Text.Json;
using BTTInferGrid.Chain.Anvil;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Testing;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>A home folder with the wallet of one of the accounts that have coins on a local chain.</summary>
internal sealed class ChainHome : IAsyncDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly bool _ownsChain;

    private ChainHome(AnvilNode? chain)
    {
        _ownsChain = chain is null;
        Chain = chain!;
    }

    public AnvilNode Chain { get; private set; }

    public string Path => _home.Path;

    /// <summary>The wallet's account.</summary>
    public string Address { get; private set; } = "";

    public string PasswordFile => PathOf("password");

    /// <summary>One with a chain of its own, and no contracts.</summary>
    public static Task<ChainHome> CreateAsync() => CreateAsync(null, 0);

    /// <summary>Another, of another account, that knows the same contracts on the same chain.</summary>
    public async Task<ChainHome> BesideAsync(int account)
    {
        var home = await CreateAsync(Chain, account);
        Directory.CreateDirectory(home.PathOf("chain"));
        File.Copy(PathOf("chain/contracts-31337.json"), home.PathOf("chain/contracts-31337.json"));
        return home;
    }

    private static async Task<ChainHome> CreateAsync(AnvilNode? chain, int account)
    {
        var home = new ChainHome(chain);
        home.Chain ??= await AnvilNode.StartAsync(new AnvilOptions { Folder = home.PathOf("anvil") }, TimeProvider.System);
        await File.WriteAllTextAsync(home.PasswordFile, "correct horse\n");
        home.WriteSecret(account);
        var (exitCode, _, log) = await GridProcess.RunAsync(
            "wallet", "import", home.PathOf("secret"), "--home", home.Path, "--password-file", home.PasswordFile);
        Assert.True(exitCode == 0, log);
        home.Address = home.Chain.Accounts.Addresses[account].ToString();
        return home;
    }

    private void WriteSecret(int account)
    {
        using var key = Chain.Accounts.OpenKey(account);
        var bytes = new byte[PrivateKey.Bytes];
        key.CopyTo(bytes);
        File.WriteAllText(PathOf("secret"), Convert.ToHexString(bytes));
    }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Runs a command on this chain, with the wallet's password and without questions.</summary>
    public Task<(int ExitCode, string Output, string Log)> SendAsync(params string[] arguments) =>
        RunAsync([.. arguments, "--password-file", PasswordFile, "--yes"]);

    /// <summary>Runs a command on this chain.</summary>
    public Task<(int ExitCode, string Output, string Log)> RunAsync(params string[] arguments) =>
        GridProcess.RunAsync([.. arguments, "--home", Path, "--rpc", Chain.Endpoint.ToString(), "--format", "json"]);

    /// <summary>Runs a command that succeeds.</summary>
    public async Task<JsonElement> DoAsync(params string[] arguments)
    {
        var (exitCode, output, log) = await SendAsync(arguments);
        Assert.True(exitCode == 0, log);
        return JsonSerializer.Deserialize<JsonElement>(output);
    }

    /// <summary>Asks for something that sends nothing.</summary>
    public async Task<JsonElement> AskAsync(params string[] arguments)
    {
        var (exitCode, output, log) = await RunAsync(arguments);
        Assert.True(exitCode == 0, log);
        return JsonSerializer.Deserialize<JsonElement>(output);
    }

    /// <summary>Runs a command that fails.</summary>
    /// <returns>The code and the message of its error.</returns>
    public async Task<(string Code, string Message)> FailAsync(params string[] arguments)
    {
        var (exitCode, _, log) = await SendAsync(arguments);
        Assert.True(exitCode != 0, "It succeeded.");
        return ErrorOf(log);
    }

    public static (string Code, string Message) ErrorOf(string log)
    {
        var error = JsonSerializer.Deserialize<JsonElement>(log).GetProperty("error");
        return (error.GetProperty("code").GetString()!, error.GetProperty("message").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        if (_ownsChain)
        {
            await Chain.DisposeAsync();
        }

        _home.Dispose();
    }
}
