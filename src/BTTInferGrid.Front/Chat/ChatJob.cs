using System.Runtime.InteropServices;
using BTTInferGrid.Compute;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Chat;

/// <summary>Turns a checked chat request into a job: text becomes token ids here, once, and lengths become definite.</summary>
internal static class ChatJob
{
    /// <exception cref="ApiException">Prompt and answer together do not fit the model's context.</exception>
    public static JobRequest Create(ChatRequest request, ServedModel model, string tenant)
    {
        var prompt = model.Vocabulary.EncodeChat(request.Messages);
        var context = model.Model.ContextTokens;
        var room = context - prompt.Length;
        var maxTokens = request.MaxTokens ?? Math.Min(model.Model.DefaultMaxTokens, Math.Max(room, 1));
        if (maxTokens > room)
        {
            throw ApiException.ContextExceeded(context, prompt.Length, maxTokens);
        }

        var vocabularySize = model.Vocabulary.Size;
        foreach (var bias in request.Sampling.LogitBias)
        {
            if (bias.Token >= vocabularySize)
            {
                throw ApiException.InvalidRequest(
                    $"logit_bias.{bias.Token}", $"There is no token {bias.Token}; the model has {vocabularySize}.", "invalid_value");
            }
        }

        return new JobRequest(
            request.Model,
            model.Profile,
            vocabularySize,
            ImmutableCollectionsMarshal.AsImmutableArray(prompt),
            request.Sampling,
            maxTokens,
            request.Stop,
            request.Seed,
            tenant,
            Grammar: request.Grammar);
    }
}
