using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Inference.Tests;

/// <summary>The model file of the repository, the process's llama.cpp, and engines on them.</summary>
internal static class TinyModel
{
    private static readonly Lazy<LlamaLibrary> LazyLibrary =
        new(() => LlamaLibrary.Load(new LlamaOptions(), NullLogger.Instance));

    private static readonly Lazy<Vocabulary> LazyVocabulary = new(() => Vocabulary.Load(Library, ModelPath!));

    public static string ModelPath { get; } = FindUpwards(Path.Combine("models", "grid-tiny-4l.q8_0.gguf"));

    public static LlamaLibrary Library => LazyLibrary.Value;

    public static Vocabulary Vocabulary => LazyVocabulary.Value;

    /// <summary>
    /// An engine on one thread, since test classes run side by side and threads that share a core wait by spinning. It keeps
    /// all it can of ended requests.
    /// </summary>
    public static Engine LoadEngine(EngineOptions? options = null, TimeProvider? time = null)
    {
        options ??= new EngineOptions { CacheTokens = 4096 };
        options = options with
        {
            Threads = options.Threads == 0 ? 1 : options.Threads,
            RetainedTokens = options.RetainedTokens ?? options.CacheTokens,
        };
        return Engine.Load(Library, ModelPath, options, NullLogger<Engine>.Instance, time);
    }

    public static EngineRequest Ask(string question, SamplingParameters? sampling = null, int maxTokens = 96) => new()
    {
        Prompt = Vocabulary.EncodeChat([new ChatMessage("user", question)]),
        MaxTokens = maxTokens,
        Sampling = sampling ?? SamplingParameters.Greedy,
    };

    public static Task<Answer> AnswerAsync(this Engine engine, string question) => engine.AnswerAsync(Ask(question));

    public static async Task<Answer> AnswerAsync(
        this Engine engine, EngineRequest request, CancellationToken cancellationToken = default)
    {
        var tokens = new List<int>();
        var probabilities = new List<TokenLogProbabilities>();
        var text = "";
        await foreach (var item in engine.GenerateAsync(request, cancellationToken))
        {
            switch (item)
            {
                case EngineTokens more:
                    tokens.AddRange(more.Tokens);
                    probabilities.AddRange(more.LogProbabilities);
                    text += more.Text;
                    break;
                case EngineResult result:
                    return new Answer(text, tokens, probabilities, result);
                default:
                    throw new InvalidOperationException($"Unexpected event {item}");
            }
        }

        throw new InvalidOperationException("The answer ended without a result.");
    }

    private static string FindUpwards(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, relative)))
            {
                return Path.Combine(folder.FullName, relative);
            }
        }

        throw new FileNotFoundException($"No {relative} above {AppContext.BaseDirectory}");
    }
}

/// <summary>A whole answer.</summary>
internal sealed record Answer(
    string Text,
    IReadOnlyList<int> Tokens,
    IReadOnlyList<TokenLogProbabilities> LogProbabilities,
    EngineResult Result);
