using BTTInferGrid.Cluster.Tests.Processes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace BTTInferGrid.Cluster.Tests.Database;

/// <summary>Orleans' storage provider with our queries: the version of a record decides who may write it.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class PostgresStorageTests(DatabaseFixture fixture)
{
    private readonly GrainId _grain = GrainId.Create("ledger", $"ledger/{Guid.NewGuid():N}");

    private IGrainStorage Storage => fixture.Services.GetRequiredService<IGrainStorage>();

    [Fact]
    public async Task Write_ThenRead_GivesTheStateAndItsVersion()
    {
        var written = await ReadAsync();
        written.RecordExists.Should().BeFalse();
        await WriteAsync(written, "one");
        await WriteAsync(written, "two");

        var read = await ReadAsync();

        read.State!.Entries.Should().Equal("one", "two");
        read.ETag.Should().Be("2").And.Be(written.ETag);
    }

    [Fact]
    public async Task Write_VersionOfBefore_IsRefused()
    {
        await WriteAsync(await ReadAsync(), "first");
        var (one, other) = (await ReadAsync(), await ReadAsync());
        await WriteAsync(one, "second");

        await FluentActions.Awaiting(() => WriteAsync(other, "stale")).Should().ThrowAsync<InconsistentStateException>();

        (await ReadAsync()).State!.Entries.Should().Equal("first", "second");
    }

    [Fact]
    public async Task Write_FirstOfManyAtTheSameTime_SucceedsOnce()
    {
        var states = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ReadAsync()));

        var isWritten = await Task.WhenAll(states.Select(async (state, i) =>
        {
            try
            {
                await WriteAsync(state, $"{i}");
                return true;
            }
            catch (InconsistentStateException)
            {
                return false;
            }
        }));

        isWritten.Should().ContainSingle(static written => written);
        (await ReadAsync()).State!.Entries.Should().Equal($"{Array.IndexOf(isWritten, true)}");
    }

    [Fact]
    public async Task Clear_ThenWrite_IsRefusedForTheVersionOfBefore()
    {
        var state = await ReadAsync();
        await WriteAsync(state, "one");
        var stale = await ReadAsync();
        await Storage.ClearStateAsync("ledger", _grain, state);
        (await ReadAsync()).State!.Entries.Should().BeEmpty();

        await FluentActions.Awaiting(() => WriteAsync(stale, "stale")).Should().ThrowAsync<InconsistentStateException>();
        await FluentActions.Awaiting(() => Storage.ClearStateAsync("ledger", _grain, stale)).Should().ThrowAsync<InconsistentStateException>();

        await WriteAsync(state, "anew");
        (await ReadAsync()).State!.Entries.Should().Equal("anew");
    }

    [Theory]
    [InlineData("0a")]
    [InlineData("0")]
    [InlineData("6f9619ff8b86d011b42d00cf4fc964ff")]
    public async Task Write_KeyThatTheProviderReadsAsANumber_IsRefused(string key)
    {
        var grain = GrainId.Create("ledger", key);
        var state = new GrainState<LedgerState>();
        await Storage.ReadStateAsync("ledger", grain, state);

        await FluentActions.Awaiting(() => Storage.WriteStateAsync("ledger", grain, state)).Should().ThrowAsync<Exception>()
            .WithMessage("*grain_key*");
    }

    private async Task<IGrainState<LedgerState>> ReadAsync()
    {
        var state = new GrainState<LedgerState>();
        await Storage.ReadStateAsync("ledger", _grain, state);
        return state;
    }

    private Task WriteAsync(IGrainState<LedgerState> state, string entry)
    {
        state.State!.Entries.Add(entry);
        return Storage.WriteStateAsync("ledger", _grain, state);
    }
}
