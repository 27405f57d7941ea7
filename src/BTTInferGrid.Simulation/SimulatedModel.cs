using System.Collections.Immutable;
using System.Text;
using BTTInferGrid.Compute;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Simulation;

/// <summary>
/// The model of a simulated grid: made up, with a token for each byte of text. Its answer is a function of the prompt, and of the seed if the
/// temperature is above 0; each token depends on all tokens before it, so an answer that goes on from the wrong place shows it. It ends at a stop
/// string or at the request's limit.
/// </summary>
public static class SimulatedModel
{
    /// <summary>Name of the model.</summary>
    public const string Id = "simulated";

    /// <summary>Profile of the model: what an honest miner offers.</summary>
    public const string Profile = "simulated-v1";

    /// <summary>Its tokens: 0 to 255 are bytes, 256 would end an answer.</summary>
    public static Vocabulary Vocabulary { get; } = Vocabulary.OfBytes();

    /// <summary>A request at temperature 0 with a text as its prompt.</summary>
    /// <param name="prompt">The prompt, at least one character; a token for each byte of its UTF-8.</param>
    /// <param name="maxTokens">Tokens of the answer, 1 or more.</param>
    public static JobRequest Ask(string prompt, int maxTokens = 32) => new(
        Id, Profile, Vocabulary.Size, [.. Vocabulary.Encode(prompt, parseSpecial: false)], new SamplingOptions(Temperature: 0), maxTokens, [],
        ClientSeed: null);

    /// <summary>The right answer to a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="seed">Its seed, see <see cref="SamplingSeed"/>; of no effect at temperature 0.</param>
    public static ImmutableArray<int> Answer(JobRequest request, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(request);
        var answer = ImmutableArray.CreateBuilder<int>();
        var next = new SimulatedAnswer(request, seed, []);
        while (next.End is null)
        {
            answer.Add(next.Next());
        }

        return answer.ToImmutable();
    }

    /// <summary>The text of tokens.</summary>
    /// <param name="tokens">Tokens of the model.</param>
    public static string Text(IEnumerable<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return Encoding.UTF8.GetString([.. tokens.Where(static token => token < 256).Select(static token => (byte)token)]);
    }
}

/// <summary>One answer of <see cref="SimulatedModel"/>, token by token.</summary>
internal sealed class SimulatedAnswer
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;
    private readonly JobRequest _request;
    private readonly TokenText? _text;
    private ulong _state = Offset;
    private int _made;

    public SimulatedAnswer(JobRequest request, ulong seed, ImmutableArray<int> answered)
    {
        _request = request;
        _text = request.Stop.IsDefaultOrEmpty ? null : new TokenText(SimulatedModel.Vocabulary, request.Stop);
        Mix(request.Sampling.Temperature > 0 ? seed : 0);
        foreach (var token in request.Prompt)
        {
            Mix((ulong)token);
        }

        foreach (var token in answered)
        {
            Take(token);
        }
    }

    /// <summary>Why the answer is at its end; null while it is not.</summary>
    public Compute.StopReason? End =>
        _text?.Stop is not null ? Compute.StopReason.StopString
        : _made >= _request.MaxTokens ? Compute.StopReason.MaxTokens
        : null;

    /// <summary>The next token: a lower-case letter, or now and then a space.</summary>
    public int Next()
    {
        var drawn = (int)((_state >> 32) % 32);
        var token = drawn < 26 ? 'a' + drawn : ' ';
        Take(token);
        return token;
    }

    private void Take(int token)
    {
        Mix((ulong)token);
        _text?.Append(token);
        _made++;
    }

    private void Mix(ulong value)
    {
        _state = (_state ^ value) * Prime;
        _state ^= _state >> 29;
    }
}
