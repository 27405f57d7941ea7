using System.CommandLine;
using BTTInferGrid.Link;
using BTTInferGrid.Silo.Client;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Hosting;
using BTTInferGrid.Silo.Terminal;
using BTTInferGrid.Silo.Wallets;

namespace BTTInferGrid.Silo.Commands;

/// <summary>
/// <c>bttgrid miner</c>: serves a grid with the engine of this machine, or, as the grid's operator, keeps a miner from jobs.
/// </summary>
internal static class MinerCommand
{
    public static Command Create() => new("miner", "Mining, and the miners of a running grid.")
    {
        CreateJoin(), CreateSuspend(), CreateResume(),
    };

    private static Command CreateSuspend()
    {
        var id = new Argument<string>("ID") { Description = "The miner's id, as 'ps' shows it." };
        var reason = new Option<string>("--reason") { Description = "Why, for the miner's owner.", Required = true };
        var command = new Command("suspend", "Keeps a miner from getting jobs until it is resumed.") { id, reason };
        return Act(command, (client, parsed, stop) => client.SuspendAsync(
            parsed.GetRequiredValue(id), parsed.GetRequiredValue(reason), stop));
    }

    private static Command CreateResume()
    {
        var id = new Argument<string>("ID") { Description = "The miner's id, as 'ps' shows it." };
        var command = new Command("resume", "Ends a suspension; the miner gets jobs again after a probe.") { id };
        return Act(command, (client, parsed, stop) => client.ResumeAsync(parsed.GetRequiredValue(id), stop));
    }

    private static Command Act(Command command, Func<GridClient, ParseResult, CancellationToken, Task<MinerDocument>> act)
    {
        var grid = new GridOptions(command);
        command.SetAction((parsed, stop) => GridCommand.RunAsync(parsed, async output =>
        {
            using var client = grid.Connect(parsed);
            output.Write(
                await act(client, parsed, stop), ResultJson.Default.MinerDocument,
                static miner => $"Miner {PrintableText.Clean(miner.Id)} is {PrintableText.Clean(miner.State)}: {PrintableText.Clean(miner.Reason)}");
        }));
        return command;
    }

    private static Command CreateJoin()
    {
        var fronts = new Option<string[]>("--front")
        {
            Description = "Address of a front of the grid, such as https://grid.example; may be given several times. miner.fronts by default.",
        };
        var withParent = new Option<bool>("--with-parent")
        {
            Description = "End when standard input does: for whoever starts miners.",
            Hidden = true,
        };
        var wallet = new Option<string?>("--wallet")
        {
            Description = "Address or file of the wallet as which the miner joins. Without it, it joins by a key of its home folder.",
        };
        var join = new Command("join", "Joins a grid as a miner and serves it until it is stopped.") { fronts, wallet, withParent };
        var password = new PasswordOption(join);
        var settings = new SettingsOptions().AddTo(join, listens: false, startsMiners: false);
        join.SetAction((parsed, _) => GridCommand.RunAsync(parsed, async output =>
        {
            var loaded = settings.Load(parsed);
            using var key = parsed.GetValue(wallet) is { } wish
                ? new WalletStore(loaded.Home).Open(wish, () => password.Read(parsed, output, isNew: false))
                : null;
            await NodeHost.RunAsync(loaded, FrontsOf(parsed.GetValue(fronts) ?? [], loaded), key, parsed.GetValue(withParent));
        }));
        return join;
    }

    private static List<Uri> FrontsOf(string[] flags, SiloSettings settings)
    {
        var texts = flags.Length > 0 ? flags : settings.File.Miner?.Fronts ?? [];
        if (texts.Count == 0)
        {
            throw new ConfigurationException(
                $"The grid to join is missing. Pass --front https://grid.example, or set miner.fronts in {settings.Path}.");
        }

        return [.. texts.Select(text => FrontOf(text, settings.File.Miner?.AllowPlainText == true))];
    }

    private static Uri FrontOf(string text, bool allowPlainText)
    {
        if (!FrontAddress.TryParse(text, out var front))
        {
            throw new ConfigurationException($"'{text}' is not the address of a front, such as https://grid.example.");
        }

        return front.Scheme == Uri.UriSchemeHttps || front.IsLoopback || allowPlainText
            ? front
            : throw new ConfigurationException(
                $"'{text}' is on another machine, and http does not encrypt. Use https, or set miner.allowPlainText to true in a network that you trust.");
    }
}
