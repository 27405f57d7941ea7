using System.Threading.Channels;
using BTTInferGrid.Inference;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using Google.Protobuf.Collections;
using StopReason = BTTInferGrid.Inference.StopReason;

namespace BTTInferGrid.Node.Jobs;

/// <summary>A job that generates an answer. The tokens that have been made since the last message travel together.</summary>
internal sealed class GenerateJob(Generate request) : NodeJob(request.Job, request.JobId, request.Profile)
{
    private readonly JobCredit _credit = new(request.Credit);
    private volatile GenerationReader? _answer;

    public override bool IsWaiting => _answer?.IsWaiting == true;

    public override void Grant(uint tokens) => _credit.Grant(tokens);

    public override async Task ServeAsync(
        NodeEngine engine, ChannelWriter<FromNode> to, CancellationToken cancellationToken)
    {
        if (request.Prompt.Count + (long)request.MaxTokens > engine.ContextTokens)
        {
            throw new RequestTooLargeException(request.Prompt.Count, request.MaxTokens, engine.ContextTokens);
        }

        using var answer = engine.Engine.Start(EngineRequestOf(request));
        _answer = answer;
        while (await answer.WaitAsync(cancellationToken))
        {
            var credit = await _credit.WaitAsync(cancellationToken);
            var tokens = Take(answer, Math.Min(credit, LinkProtocol.JobCredit));
            _credit.Spend(tokens.Tokens_.Count);
            await to.WriteAsync(new FromNode { Tokens = tokens }, cancellationToken);
        }

        engine.Metrics.Completed(answer.Result);
        await to.WriteAsync(new FromNode { Result = ResultOf(answer.Result) }, cancellationToken);
    }

    /// <summary>Takes the tokens that are there, of which there is one at least.</summary>
    private Tokens Take(GenerationReader answer, int most)
    {
        var tokens = new Tokens { Job = Number };
        while (tokens.Tokens_.Count < most && answer.TryTake(out var token))
        {
            tokens.Tokens_.Add(token.Token);
            if (token.LogProbabilities is { } probabilities)
            {
                tokens.LogProbs.Add(LogProbsOf(probabilities));
            }
        }

        return tokens;
    }

    private static EngineRequest EngineRequestOf(Generate request) => new()
    {
        Prompt = ArrayOf(request.Prompt),
        Answered = ArrayOf(request.Answered),
        MaxTokens = request.MaxTokens,
        Stop = request.Stop,
        Tenant = request.Tenant,
        LogProbabilities = request.HasTopLogProbs ? request.TopLogProbs : null,
        Grammar = request.HasGrammar ? request.Grammar : null,
        Sampling = SamplingOf(request.Sampling ?? new Sampling()),
        WithText = false,
    };

    private static SamplingParameters SamplingOf(Sampling sampling)
    {
        var biases = new Dictionary<int, float>(sampling.LogitBias.Count);
        foreach (var bias in sampling.LogitBias)
        {
            biases[bias.Token] = bias.Bias_;
        }

        return new SamplingParameters
        {
            Temperature = sampling.Temperature,
            TopP = sampling.TopP,
            TopK = sampling.TopK,
            MinP = sampling.MinP,
            FrequencyPenalty = sampling.FrequencyPenalty,
            PresencePenalty = sampling.PresencePenalty,
            LogitBias = biases,
            Seed = sampling.Seed,
        };
    }

    private static int[] ArrayOf(RepeatedField<int> field)
    {
        var array = new int[field.Count];
        field.CopyTo(array, 0);
        return array;
    }

    private static LogProbs LogProbsOf(TokenLogProbabilities probabilities)
    {
        var message = new LogProbs { Chosen = probabilities.Chosen.LogProbability };
        foreach (var likely in probabilities.Top)
        {
            message.Tokens.Add(likely.Token);
            message.Values.Add(likely.LogProbability);
        }

        return message;
    }

    private Result ResultOf(EngineResult result) => new()
    {
        Job = Number,
        StopReason = result.StopReason switch
        {
            StopReason.EndOfGeneration => Result.Types.StopReason.EndOfGeneration,
            StopReason.StopString => Result.Types.StopReason.StopString,
            StopReason.MaxTokens => Result.Types.StopReason.MaxTokens,
            var other => throw new InvalidOperationException($"The engine stopped for '{other}', which no request asks for."),
        },
        PromptTokens = result.PromptTokens,
        CachedPromptTokens = result.CachedPromptTokens,
        OutputTokens = result.OutputTokens,
        QueueMicroseconds = (long)result.QueueTime.TotalMicroseconds,
        PrefillMicroseconds = (long)result.PrefillTime.TotalMicroseconds,
        DecodeMicroseconds = (long)result.DecodeTime.TotalMicroseconds,
    };
}
