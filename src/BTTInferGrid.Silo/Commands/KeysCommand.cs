using System.CommandLine;
using System.Globalization;
using BTTInferGrid.Link;
using BTTInferGrid.Silo.Client;
using BTTInferGrid.Silo.Terminal;
using Spectre.Console;

namespace BTTInferGrid.Silo.Commands;

/// <summary><c>bttgrid keys</c>: the API keys of the account whose key is used.</summary>
internal static class KeysCommand
{
    public static Command Create() => new("keys", "API keys of a running grid.") { CreateCreate(), CreateList(), CreateRevoke() };

    private static Command CreateCreate()
    {
        var name = new Argument<string>("NAME") { Description = "What the key is for; 1 to 100 characters." };
        var scopes = new Option<string[]>("--scope")
        {
            Description = "What it may do: inference, admin; once for each. Default inference.",
            AllowMultipleArgumentsPerToken = true,
        };
        scopes.AcceptOnlyFromAmong("inference", "admin");
        var days = new Option<int?>("--expires-days") { Description = "Days until it expires; default never." };
        var requests = new Option<int?>("--requests-per-minute") { Description = "Limit of requests in a minute." };
        var tokens = new Option<int?>("--tokens-per-minute") { Description = "Limit of tokens in a minute." };
        var concurrent = new Option<int?>("--concurrent-requests") { Description = "Limit of requests at the same time." };
        var largest = new Option<int?>("--max-tokens-per-request") { Description = "Limit of the tokens of one request." };
        var command = new Command("create", "Makes a key and shows it, once.")
        {
            name, scopes, days, requests, tokens, concurrent, largest,
        };
        var grid = new GridOptions(command);
        command.SetAction((parsed, cancellationToken) => GridCommand.RunAsync(parsed, async output =>
        {
            using var client = grid.Connect(parsed);
            var key = await client.CreateKeyAsync(
                new NewKeyDocument(
                    parsed.GetRequiredValue(name),
                    parsed.GetValue(scopes) is { Length: > 0 } wanted ? wanted : null,
                    parsed.GetValue(days) * 24L * 60 * 60,
                    new KeyLimitsDocument(
                        parsed.GetValue(requests), parsed.GetValue(tokens), parsed.GetValue(concurrent), parsed.GetValue(largest))),
                cancellationToken);
            output.Note($"Key {key.Id} is made. This is the only time that it is shown:");
            output.Write(key, ResultJson.Default.KeyDocument, static made => PrintableText.Clean(made.Key ?? ""));
        }));
        return command;
    }

    private static Command CreateList()
    {
        var command = new Command("list", "Lists the account's keys, without the keys themselves.");
        var grid = new GridOptions(command);
        command.SetAction((parsed, cancellationToken) => GridCommand.RunAsync(parsed, async output =>
        {
            using var client = grid.Connect(parsed);
            var keys = new KeysDocument(await client.KeysAsync(cancellationToken));
            output.Write(keys, ResultJson.Default.KeysDocument, text => Render(output, text));
        }));
        return command;
    }

    private static Command CreateRevoke()
    {
        var id = new Argument<string>("ID") { Description = "The key's id, as 'keys list' shows it." };
        var command = new Command("revoke", "Revokes a key: inference with it is refused at once.") { id };
        var grid = new GridOptions(command);
        command.SetAction((parsed, cancellationToken) => GridCommand.RunAsync(parsed, async output =>
        {
            using var client = grid.Connect(parsed);
            var revoked = await client.RevokeKeyAsync(parsed.GetRequiredValue(id), cancellationToken);
            output.Write(revoked, ResultJson.Default.RevokedDocument, static gone => $"Key {PrintableText.Clean(gone.Id)} is revoked.");
        }));
        return command;
    }

    private static Table Render(Output output, KeysDocument keys)
    {
        var table = output.Table("ID", "NAME", "SCOPES", "CREATED", "EXPIRES", "LIMITS");
        foreach (var key in keys.Data)
        {
            Tables.Row(
                table, key.Id, key.Name, string.Join(", ", key.Scopes), Date(key.CreatedAt),
                key.ExpiresAt is { } end ? Date(end) : "never", Limits(key.Limits));
        }

        return table;
    }

    private static string Date(long seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    private static string Limits(KeyLimitsDocument limits)
    {
        (int? Limit, string Of)[] all =
        [
            (limits.RequestsPerMinute, "requests/min"), (limits.TokensPerMinute, "tokens/min"), (limits.ConcurrentRequests, "at a time"),
            (limits.MaxTokensPerRequest, "tokens each"),
        ];
        var told = string.Join(", ", all.Where(static limit => limit.Limit is not null).Select(static limit => $"{limit.Limit} {limit.Of}"));
        return told.Length == 0 ? "none" : told;
    }
}
