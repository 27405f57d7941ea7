using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Inference.Tests.Models.Fuzzing;

/// <summary>
/// A process of its own that loads model files one after another and computes with each, since llama.cpp ends the
/// process over what it did not expect.
/// </summary>
internal static class LoadingProcess
{
    public const string Command = "load-models";

    public const string Answered = "answered";

    private const string Began = "began ";
    private const string Ended = "ended ";
    private const string Prompt = "Hello <|im_end|>\n w\u00f6rld \ud83d\ude42 12";
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Loads the files, starting another process after each one that died.</summary>
    /// <returns>
    /// The files a process died over, with what it said last, and how the others ended: an exception or "answered".
    /// </returns>
    public static async Task<(List<(string Path, string Said)> Died, List<string> Ended)> RunAsync(
        IReadOnlyList<string> paths)
    {
        var died = new List<(string, string)>();
        var all = new List<string>();
        for (var next = 0; next < paths.Count;)
        {
            var (ended, said) = await RunOnceAsync([.. paths.Skip(next)]);
            all.AddRange(ended);
            next += ended.Length;
            if (next < paths.Count)
            {
                died.Add((paths[next++], said));
            }
        }

        return (died, all);
    }

    /// <summary>The child's side.</summary>
    public static async Task<int> MainAsync(IReadOnlyList<string> paths)
    {
        var library = LlamaLibrary.Load(new LlamaOptions(), NullLogger.Instance);
        foreach (var path in paths)
        {
            Console.WriteLine(Began + path);
            try
            {
                await UseAsync(library, path);
                Console.WriteLine(Ended + Answered);
            }
            catch (Exception typed) when (typed.GetType().Assembly == typeof(Engine).Assembly)
            {
                Console.WriteLine($"{Ended}{typed.GetType().Name}");
            }
        }

        return 0;
    }

    private static async Task UseAsync(LlamaLibrary library, string path)
    {
        var options = new EngineOptions { CacheTokens = 256, MaxSequences = 2, BatchTokens = 64, Threads = 1 };
        await using var engine = Engine.Load(library, path, options, NullLogger<Engine>.Instance);
        var prompt = engine.Vocabulary.Encode(Prompt, parseSpecial: true, addStart: true);
        await foreach (var _ in engine.GenerateAsync(new EngineRequest { Prompt = prompt, MaxTokens = 4 }))
        {
        }

        engine.Vocabulary.EncodeChat([new ChatMessage("user", "Hi")]);
    }

    private static async Task<(string[] Ended, string Said)> RunOnceAsync(string[] paths)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // ggml would start a debugger to print where it was.
        start.Environment["GGML_NO_BACKTRACE"] = "1";
        foreach (var argument in (string[])["exec", typeof(LoadingProcess).Assembly.Location, Command, .. paths])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Longest);
        await process.WaitForExitAsync();
        var ended = output.Split('\n').Where(line => line.StartsWith(Ended, StringComparison.Ordinal));
        return ([.. ended.Select(line => line[Ended.Length..].Trim())], await error);
    }
}
