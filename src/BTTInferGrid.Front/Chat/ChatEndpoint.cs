using BTTInferGrid.Front.Completions;
using BTTInferGrid.Front.Json;
using BTTInferGrid.Front.Models;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Chat;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatEndpoint(ModelCatalogue catalogue, CompletionRunner runner)
{
    public async Task HandleAsync(HttpContext context)
    {
        ChatRequest request;
        using (var body = await JsonBody.ReadAsync(context.Request, context.RequestAborted))
        {
            request = ChatRequestReader.Read(body.RootElement);
        }

        var model = catalogue.Require(request.Options.Model);
        var prompt = model.Vocabulary.EncodeChat(request.Messages);
        await runner.RunAsync(context, request.Options, model, [prompt], ChatFormat.Instance);
    }
}
