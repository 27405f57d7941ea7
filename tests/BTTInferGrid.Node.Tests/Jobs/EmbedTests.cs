using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using BTTInferGrid.Node.Tests.Grid;

namespace BTTInferGrid.Node.Tests.Jobs;

public sealed class EmbedTests : IAsyncLifetime
{
    private ScriptedGrid _grid = null!;
    private TestNode _node = null!;
    private GridSession _session = null!;

    public async Task InitializeAsync()
    {
        _grid = await ScriptedGrid.StartAsync();
        _node = await TestNode.StartAsync(_grid);
        _session = await _grid.WelcomeAsync();
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _grid.DisposeAsync();
    }

    [Fact]
    public async Task Embed_SomeInputs_SendsTheEmbeddersVectorsInOrder()
    {
        var request = Embed(["one", "two words", "three of them"]);
        await _session.SendAsync(request);
        var vectors = (await _session.NextAsync()).Vectors;
        var result = (await _session.NextAsync()).Result;

        var embedder = await _node.Engine.EmbedderAsync();
        var expected = await embedder.EmbedAsync(
            [.. request.Embed.Inputs.Select(input => new ReadOnlyMemory<int>([.. input.Tokens]))]);
        vectors.Job.Should().Be(1);
        vectors.Vectors_.Should().HaveCount(3);
        for (var i = 0; i < 3; i++)
        {
            vectors.Vectors_[i].Values.Should().Equal(expected[i], (sent, own) => Math.Abs(sent - own) < 1e-4);
        }

        (result.Job, result.PromptTokens).Should().Be((1UL, request.Embed.Inputs.Sum(input => input.Tokens.Count)));
    }

    [Fact]
    public async Task Embed_ManyInputs_SplitsTheVectorsIntoMessages()
    {
        var dimensions = (await _node.Engine.EmbedderAsync()).Dimensions;
        var most = LinkProtocol.VectorValuesPerMessage / dimensions;
        await _session.SendAsync(Embed([.. Enumerable.Repeat("a", most + 1)]));

        (await _session.NextAsync()).Vectors.Vectors_.Should().HaveCount(most);
        (await _session.NextAsync()).Vectors.Vectors_.Should().ContainSingle();
        (await _session.NextAsync()).Result.Should().NotBeNull();
    }

    public static TheoryData<string, Action<Embed>> Refused => new()
    {
        { "profile", request => request.Profile = "another" },
        { "inputs", request => request.Inputs.Clear() },
        { "inputs[0]", request => request.Inputs[0].Tokens.Clear() },
        { "inputs[0]", request => request.Inputs[0].Tokens[0] = -1 },
        { "inputs[0]", request => request.Inputs[0].Tokens.AddRange(Enumerable.Repeat(5, 100_000)) },
        { "inputs", request => request.Inputs.AddRange(Enumerable.Range(0, 100_000).Select(_ => new Input())) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Embed_FieldOutOfRange_IsRefusedByItsName(string field, Action<Embed> spoil)
    {
        var message = Embed(["text"]);
        spoil(message.Embed);
        await _session.SendAsync(message);
        var fault = (await _session.NextAsync()).Fault;

        (fault.Job, fault.Kind, fault.Field).Should().Be((1UL, Fault.Types.Kind.Refused, field));
    }

    private ToNode Embed(IReadOnlyList<string> texts)
    {
        var request = new Embed { Job = 1, JobId = "job-1", Profile = _node.Engine.Profile };
        foreach (var text in texts)
        {
            var input = new Input();
            input.Tokens.AddRange(_node.Engine.Engine.Vocabulary.EncodeInput(text));
            request.Inputs.Add(input);
        }

        return new ToNode { Embed = request };
    }
}
