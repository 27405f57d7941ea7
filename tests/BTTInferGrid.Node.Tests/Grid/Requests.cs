using BTTInferGrid.Inference;
using BTTInferGrid.Link.V1;

namespace BTTInferGrid.Node.Tests.Grid;

/// <summary>Jobs for the tiny model, and how to follow them.</summary>
internal static class Requests
{
    public const string Question = "What is the capital of Japan?";

    public const string Answer = "The capital of Japan is Tokyo.";

    /// <summary>A greedy answer to a question.</summary>
    public static ToNode Ask(this TestNode node, ulong job, string question = Question, uint credit = 256)
    {
        var request = new Generate
        {
            Job = job,
            JobId = $"job-{job}",
            Profile = node.Engine.Profile,
            MaxTokens = 64,
            Sampling = new Sampling { TopP = 1 },
            Credit = credit,
        };
        request.Prompt.AddRange(node.Engine.Engine.Vocabulary.EncodeChat([new ChatMessage("user", question)]));
        return new ToNode { Generate = request };
    }

    /// <summary>An answer of exactly so many tokens: those that end one are forbidden.</summary>
    public static ToNode AskLong(this TestNode node, ulong job, int tokens, uint credit = 256)
    {
        var message = node.Ask(job, "Tell me a short story.", credit);
        message.Generate.MaxTokens = tokens;
        message.Generate.Sampling.LogitBias.Add(new Bias { Token = 1021, Bias_ = -100 });
        message.Generate.Sampling.LogitBias.Add(new Bias { Token = 1023, Bias_ = -100 });
        return message;
    }

    public static ToNode Credit(ulong job, uint tokens) => new() { Credit = new Credit { Job = job, Tokens = tokens } };

    public static ToNode Cancel(ulong job) => new() { Cancel = new Cancel { Job = job } };

    /// <summary>Reads a job to its end, and no message of another.</summary>
    public static async Task<(List<int> Tokens, Result Result)> AnswerAsync(this GridSession session, ulong job)
    {
        var tokens = new List<int>();
        while (true)
        {
            var message = await session.NextAsync();
            if (message.Result is { } result)
            {
                result.Job.Should().Be(job);
                return (tokens, result);
            }

            tokens.AddRange(await Task.FromResult(message).TokensOf(job));
        }
    }

    /// <summary>The tokens of a message that must be tokens of a job.</summary>
    public static async Task<IReadOnlyList<int>> TokensOf(this Task<FromNode> next, ulong job)
    {
        var message = await next;
        message.Tokens.Should().NotBeNull($"tokens are due, not {message.KindCase} {message}");
        message.Tokens.Job.Should().Be(job);
        message.Tokens.Tokens_.Should().NotBeEmpty();
        return message.Tokens.Tokens_;
    }

    /// <summary>The text of an answer.</summary>
    public static string TextOf(this TestNode node, IEnumerable<int> tokens)
    {
        var text = new TokenText(node.Engine.Engine.Vocabulary);
        return string.Concat(tokens.Select(text.Append)) + text.Finish();
    }

    /// <summary>What the engine itself answers to the same request.</summary>
    public static async Task<List<int>> ExpectedAsync(this TestNode node, ToNode message)
    {
        var request = message.Generate;
        var tokens = new List<int>();
        var events = node.Engine.Engine.GenerateAsync(new EngineRequest
        {
            Prompt = request.Prompt.ToArray(),
            MaxTokens = request.MaxTokens,
            Stop = request.Stop,
            Sampling = new SamplingParameters
            {
                Temperature = request.Sampling.Temperature,
                Seed = request.Sampling.Seed,
                LogitBias = request.Sampling.LogitBias.ToDictionary(bias => bias.Token, bias => bias.Bias_),
            },
        });
        await foreach (var item in events)
        {
            tokens.AddRange((item as EngineTokens)?.Tokens ?? []);
        }

        return tokens;
    }
}
