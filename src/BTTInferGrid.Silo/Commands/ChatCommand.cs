using System.CommandLine;
using BTTInferGrid.Silo.Client;

namespace BTTInferGrid.Silo.Commands;

/// <summary>
/// <c>bttgrid chat</c>: one answer to a question from the command line or standard input, or a conversation in a terminal.
/// </summary>
internal static class ChatCommand
{
    // As much as the API takes in one request.
    private const int MaxQuestion = 1 << 20;

    public static Command Create()
    {
        var question = new Argument<string?>("QUESTION")
        {
            Description = "What to ask; without it, standard input, or a conversation in a terminal.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var model = new Option<string?>("--model") { Description = "Model to ask; the first that has a miner, by default." };
        var system = new Option<string?>("--system") { Description = "What the model is told before the conversation." };
        var maxTokens = new Option<int?>("--max-tokens") { Description = "Most tokens of an answer." };
        var temperature = new Option<double?>("--temperature") { Description = "0 to 2; 0 always takes the likeliest token." };
        var seed = new Option<long?>("--seed") { Description = "The same question with the same seed has the same answer." };
        var command = new Command("chat", "Asks a running grid, and streams the answer.")
        {
            question, model, system, maxTokens, temperature, seed,
        };
        var grid = new GridOptions(command);
        command.SetAction((parsed, cancellationToken) => GridCommand.RunAsync(parsed, async output =>
        {
            using var client = grid.Connect(parsed);
            var chat = new ChatSession(
                client,
                output,
                new ChatRequestDocument(
                    parsed.GetValue(model) ?? await ModelOfAsync(client, cancellationToken),
                    parsed.GetValue(system) is { } text ? [new ChatTurn("system", text)] : [],
                    parsed.GetValue(maxTokens),
                    parsed.GetValue(temperature),
                    parsed.GetValue(seed)));
            if (parsed.GetValue(question) is { } asked)
            {
                await chat.AskOnceAsync(asked);
            }
            else if (Console.IsInputRedirected)
            {
                await chat.AskOnceAsync(await ReadInputAsync(cancellationToken));
            }
            else
            {
                await chat.TalkAsync();
            }
        }));
        return command;
    }

    /// <summary>The model that is asked when none is named.</summary>
    public static async Task<string> ModelOfAsync(GridClient client, CancellationToken cancellationToken)
    {
        var models = await client.ModelsAsync(cancellationToken);
        return (models.FirstOrDefault(static model => model.ActiveMiners > 0) ?? (models.Count > 0 ? models[0] : null))?.Id
            ?? throw new CommandException(ExitCode.Refused, "no_model", $"The grid at {client.Url} serves no model.");
    }

    private static async Task<string> ReadInputAsync(CancellationToken cancellationToken)
    {
        var buffer = new char[MaxQuestion + 1];
        var length = await Console.In.ReadBlockAsync(buffer, cancellationToken);
        var text = new string(buffer, 0, length).Trim();
        return length <= MaxQuestion && text.Length > 0
            ? text
            : throw new CommandException(
                ExitCode.WrongUsage, "invalid_question", $"Standard input must hold a question of at most {MaxQuestion} characters.");
    }
}
