using BTTInferGrid.Front.Completions;
using BTTInferGrid.Front.Json;
using BTTInferGrid.Front.Models;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.TextCompletions;

/// <summary><c>POST /v1/completions</c>: prompts without a template, of which the client writes every token.</summary>
internal sealed class TextCompletionEndpoint(ModelCatalogue catalogue, CompletionRunner runner)
{
    public async Task HandleAsync(HttpContext context)
    {
        TextCompletionRequest request;
        using (var body = await JsonBody.ReadAsync(context.Request, context.RequestAborted))
        {
            request = TextCompletionRequestReader.Read(body.RootElement);
        }

        var model = catalogue.Require(request.Options.Model);
        var prompts = new int[request.Prompts.Count][];
        for (var i = 0; i < prompts.Length; i++)
        {
            prompts[i] = request.Prompts[i].Encode(
                model.Vocabulary, text => model.Vocabulary.Encode(text, parseSpecial: true, addStart: true));
        }

        await runner.RunAsync(context, request.Options, model, prompts, TextCompletionFormat.Instance);
    }
}
