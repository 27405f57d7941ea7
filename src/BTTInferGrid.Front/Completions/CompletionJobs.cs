using System.Diagnostics;
using System.Runtime.InteropServices;
using BTTInferGrid.Compute;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Completions;

/// <summary>Turns a checked request into jobs, one for each answer: lengths become definite here.</summary>
internal static class CompletionJobs
{
    /// <param name="options">What was asked for.</param>
    /// <param name="prompts">The prompts as token ids.</param>
    /// <param name="format">Which kind of completion.</param>
    /// <param name="model">Who is asked.</param>
    /// <param name="tenant">Whose jobs they are.</param>
    /// <returns>The jobs of the first prompt, then those of the next.</returns>
    /// <exception cref="ApiException">A prompt and its answer do not fit the model's context.</exception>
    public static JobRequest[] Create(
        CompletionOptions options, IReadOnlyList<int[]> prompts, CompletionFormat format, ServedModel model, string tenant)
    {
        CheckBiases(options.Sampling, model.Vocabulary.Size);
        var jobs = new JobRequest[prompts.Count * options.Choices];
        for (var i = 0; i < jobs.Length; i++)
        {
            jobs[i] = Create(options, prompts[i / options.Choices], format, i % options.Choices, model, tenant);
        }

        return jobs;
    }

    private static JobRequest Create(
        CompletionOptions options, int[] prompt, CompletionFormat format, int choice, ServedModel model, string tenant) => new(
        options.Model,
        model.Profile,
        model.Vocabulary.Size,
        ImmutableCollectionsMarshal.AsImmutableArray(prompt),
        options.Sampling,
        MaxTokens(options, prompt.Length, format.PromptField, model.Model),
        options.Stop,
        options.Seed is { } seed ? SamplingSeed.OfChoice(seed, choice) : null,
        tenant,
        options.TopLogProbs,
        options.Grammar,
        format.Operation,
        Activity.Current?.Id);

    private static int MaxTokens(CompletionOptions options, int promptTokens, string promptField, CatalogueModel model)
    {
        var room = model.ContextTokens - promptTokens;
        var maxTokens = options.MaxTokens
            ?? Math.Min(options.DefaultMaxTokens ?? model.DefaultMaxTokens, Math.Max(room, 1));
        return maxTokens <= room
            ? maxTokens
            : throw ApiException.ContextExceeded(promptField, model.ContextTokens, promptTokens, maxTokens);
    }

    private static void CheckBiases(SamplingOptions sampling, int vocabularySize)
    {
        foreach (var bias in sampling.LogitBias)
        {
            if (bias.Token >= vocabularySize)
            {
                throw ApiException.InvalidRequest(
                    $"logit_bias.{bias.Token}", $"There is no token {bias.Token}; the model has {vocabularySize}.", "invalid_value");
            }
        }
    }
}
