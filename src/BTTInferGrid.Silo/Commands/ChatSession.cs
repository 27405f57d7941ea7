using System.Text;
using BTTInferGrid.Silo.Client;
using BTTInferGrid.Silo.Terminal;

namespace BTTInferGrid.Silo.Commands;

/// <summary>A conversation. Ctrl-C ends the answer in progress; at the prompt it ends the program, as Ctrl-D and /exit do.</summary>
/// <param name="client">The grid.</param>
/// <param name="output">Where answers go.</param>
/// <param name="start">Model and parameters, with what the conversation begins with.</param>
internal sealed class ChatSession(GridClient client, Output output, ChatRequestDocument start)
{
    private readonly List<ChatTurn> _turns = [.. start.Messages];

    /// <summary>Asks one question and writes nothing but its answer.</summary>
    public async Task AskOnceAsync(string question)
    {
        using var interrupt = new Interrupt();
        var answer = await AskAsync(question, output.Format == OutputFormat.Text, interrupt.Token);
        if (output.Format == OutputFormat.Json)
        {
            output.Write(answer, ResultJson.Default.ChatAnswerDocument, static told => told.Content);
        }

        // The text so far stays on the terminal; the exit code says that it is not all.
        interrupt.Token.ThrowIfCancellationRequested();
    }

    /// <summary>Asks what a person types, line by line, until the input ends.</summary>
    public async Task TalkAsync()
    {
        if (output.Format == OutputFormat.Json)
        {
            throw new CommandException(
                ExitCode.WrongUsage, "question_missing", "A conversation is for people. With --format json, give the question as an argument.");
        }

        output.Note($"{start.Model} at {client.Url.GetLeftPart(UriPartial.Authority)}. Ctrl-C stops an answer, Ctrl-D or /exit ends.");
        while (true)
        {
            await Console.Error.WriteAsync("> ");
            if (Console.ReadLine() is not { } line || line.Trim() == "/exit")
            {
                return;
            }

            if (line.Trim().Length > 0)
            {
                await AnswerAsync(line);
            }
        }
    }

    private async Task AnswerAsync(string line)
    {
        using var interrupt = new Interrupt();
        var before = _turns.Count;
        try
        {
            await AskAsync(line, show: true, interrupt.Token);
        }
        catch (CommandException error) when (error.ExitCode == ExitCode.Refused)
        {
            // The conversation goes on without the question that had no answer.
            _turns.RemoveRange(before, _turns.Count - before);
            output.Error(error.Code, error.Message);
        }
    }

    private async Task<ChatAnswerDocument> AskAsync(string question, bool show, CancellationToken cancellationToken)
    {
        _turns.Add(new ChatTurn("user", question));
        var text = new StringBuilder();
        var finish = "interrupted";
        UsageDocument? usage = null;
        try
        {
            await foreach (var chunk in client.ChatAsync(start with { Messages = [.. _turns] }, cancellationToken))
            {
                usage = chunk.Usage ?? usage;
                if (chunk.Choices is not [var choice, ..])
                {
                    continue;
                }

                finish = choice.FinishReason ?? finish;
                if (choice.Delta?.Content is { Length: > 0 } piece)
                {
                    text.Append(piece);
                    if (show)
                    {
                        output.Piece(piece);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What was said until then is the answer.
        }
        finally
        {
            if (show && text.Length > 0)
            {
                output.Piece("\n");
            }
        }

        _turns.Add(new ChatTurn("assistant", text.ToString()));
        return new ChatAnswerDocument(start.Model, text.ToString(), finish, usage);
    }
}
