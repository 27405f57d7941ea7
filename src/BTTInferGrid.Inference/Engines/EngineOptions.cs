namespace BTTInferGrid.Inference;

/// <summary>Size and limits of one engine.</summary>
public sealed record EngineOptions
{
    /// <summary>The most sequences llama.cpp can tell apart.</summary>
    public const int MostSequences = 256;

    /// <summary>
    /// Tokens the key and value cache holds, shared by all running requests: 256 to 16,777,216, rounded up to a
    /// multiple of 256. Default 8192.
    /// </summary>
    public int CacheTokens { get; init; } = 8192;

    /// <summary>Requests that run at the same time: 1 to 256. Default 32.</summary>
    public int MaxSequences { get; init; } = 32;

    /// <summary>
    /// Tokens computed in one step: more than <see cref="MaxSequences"/>, at most 4096 and <see cref="CacheTokens"/>.
    /// A long prompt takes several steps. Default 512.
    /// </summary>
    public int BatchTokens { get; init; } = 512;

    /// <summary>
    /// Prompt tokens that a step may always compute while other requests write: 1 to 4096, and never more than the batch
    /// has room for. Each of those requests gets one token a step, so a small number keeps their pace even and a large one
    /// reads prompts faster. Where that is more, the requests that read have their part of <see cref="BatchTokens"/>: one
    /// beside four that write, a fifth. Default 64, the least with which llama.cpp's CPU attention works on whole tiles;
    /// below it, a prompt takes several times as long.
    /// </summary>
    public int PromptTokensBesideStreams { get; init; } = 64;

    /// <summary>
    /// Cache tokens in use, in all, up to which those of ended requests are kept, so that later ones of the same tenant
    /// whose prompts begin alike need not read them again: 0 to 16,777,216, where 0 shares nothing, not even among running
    /// requests. When running requests need more, what was kept gives way, the longest unused first. Null (the default)
    /// is an eighth of <see cref="CacheTokens"/>: every token attends over all cells in use, so what is kept is paid for
    /// by all that run.
    /// </summary>
    public int? RetainedTokens { get; init; }

    /// <summary>
    /// CPU threads of a step: 1 to 512; 0 (the default) takes one less than the machine has processors, and at least
    /// one. The threads wait for each other by spinning, many times a step: when another busy thread holds one of their
    /// processors, all of them lose most of their time. Give them every processor only where nothing else runs, and
    /// divide the processors among engines that share a machine.
    /// </summary>
    public int Threads { get; init; }

    /// <summary>The threads that <see cref="Threads"/> stands for on this machine.</summary>
    public int EffectiveThreads => ThreadsFor(Threads);

    /// <summary>
    /// Layers of the model on GPUs, counted from the last: -1 (the default) for all of them, 0 to compute on the CPU
    /// alone, at most 1,024. Without effect where llama.cpp uses no GPU.
    /// </summary>
    public int GpuLayers { get; init; } = -1;

    /// <summary>
    /// The one GPU to use, as <see cref="LlamaLibrary.Devices"/> names it, such as <c>CUDA0</c>; null (the default)
    /// shares the layers among all.
    /// </summary>
    public string? Device { get; init; }

    /// <summary>
    /// Requests that may wait beyond those that run: 1 to 65,536; one more is turned away at once. Default 64: enough
    /// for a burst, short enough that a caller prefers another engine to the end of the line.
    /// </summary>
    public int QueueCapacity { get; init; } = 64;

    /// <summary>
    /// Room is counted as if the cache held this many times its tokens. Above 1 it is llama.cpp that says when it is
    /// full.
    /// </summary>
    internal int Overcommit { get; init; } = 1;

    internal static int ThreadsFor(int asked) => asked == 0 ? Math.Max(1, Environment.ProcessorCount - 1) : asked;

    internal int EffectiveRetainedTokens => RetainedTokens ?? CacheTokens / 8;

    /// <summary>Checks every field.</summary>
    /// <exception cref="InvalidParameterException">A field is outside its range.</exception>
    public void Validate()
    {
        Require(nameof(CacheTokens), CacheTokens, 256, 1 << 24);
        Require(nameof(MaxSequences), MaxSequences, 1, MostSequences);
        Require(nameof(BatchTokens), BatchTokens, MaxSequences + 1, Math.Min(4096, CacheTokens));
        Require(nameof(PromptTokensBesideStreams), PromptTokensBesideStreams, 1, 4096);
        Require(nameof(RetainedTokens), EffectiveRetainedTokens, 0, 1 << 24);
        Require(nameof(Threads), Threads, 0, 512);
        Require(nameof(GpuLayers), GpuLayers, -1, 1024);
        Require(nameof(QueueCapacity), QueueCapacity, 1, 1 << 16);
    }

    internal static void Require(string field, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            throw new InvalidParameterException(field, value, $"from {least} to {most}");
        }
    }
}
