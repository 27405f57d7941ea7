namespace BTTInferGrid.Bench.Compare;

/// <summary>Something that generates: our engine, or another server with the same model file.</summary>
internal interface ITarget
{
    string Name { get; }

    /// <summary>CPU time that the target's process has used so far.</summary>
    TimeSpan CpuTime { get; }

    /// <summary>Generates exactly <paramref name="outputTokens"/> tokens, greedily, and notes when they came.</summary>
    /// <param name="prompt">Token ids.</param>
    /// <param name="outputTokens">How many tokens to generate; the end of an answer does not end it.</param>
    /// <param name="reusePrefix">Whether what is cached of an earlier prompt may be used.</param>
    /// <param name="onFirstToken">Called when the first token is there.</param>
    /// <returns>Milliseconds from the request to each token, in order.</returns>
    Task<List<double>> GenerateAsync(
        int[] prompt, int outputTokens, bool reusePrefix, Action? onFirstToken = null);
}
