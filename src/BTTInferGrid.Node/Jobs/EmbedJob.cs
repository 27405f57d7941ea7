using System.Threading.Channels;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;

namespace BTTInferGrid.Node.Jobs;

/// <summary>A job that computes the vectors of some inputs.</summary>
internal sealed class EmbedJob(Embed request) : NodeJob(request.Job, request.JobId, request.Profile)
{
    public override async Task ServeAsync(
        NodeEngine engine, ChannelWriter<FromNode> to, CancellationToken cancellationToken)
    {
        var embedder = await engine.EmbedderAsync();
        var inputs = new List<ReadOnlyMemory<int>>(request.Inputs.Count);
        var tokens = 0;
        foreach (var input in request.Inputs)
        {
            var copy = new int[input.Tokens.Count];
            input.Tokens.CopyTo(copy, 0);
            inputs.Add(copy);
            tokens += copy.Length;
        }

        var vectors = await embedder.EmbedAsync(inputs, cancellationToken);
        var message = new Vectors { Job = Number };
        var values = 0;
        foreach (var vector in vectors)
        {
            if (values > 0 && values + vector.Length > LinkProtocol.VectorValuesPerMessage)
            {
                await to.WriteAsync(new FromNode { Vectors = message }, cancellationToken);
                message = new Vectors { Job = Number };
                values = 0;
            }

            var sent = new Vector();
            sent.Values.AddRange(vector);
            message.Vectors_.Add(sent);
            values += vector.Length;
        }

        await to.WriteAsync(new FromNode { Vectors = message }, cancellationToken);
        await to.WriteAsync(new FromNode { Result = new Result { Job = Number, PromptTokens = tokens } }, cancellationToken);
    }
}
