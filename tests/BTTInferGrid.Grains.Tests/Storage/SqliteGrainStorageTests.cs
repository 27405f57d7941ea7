using BTTInferGrid.Grains.Storage;
using BTTInferGrid.Testing;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace BTTInferGrid.Grains.Tests.Storage;

/// <summary>The storage as Orleans and the grains see it.</summary>
public sealed class SqliteGrainStorageTests : IAsyncLifetime
{
    private static readonly GrainId Grain = GrainId.Create("ledger", "ledger/1");

    private readonly TemporaryHome _home = new();
    private IHost? _host;

    private string FilePath => Path.Combine(_home.Path, "state.db");

    private IGrainStorage Storage => _host!.Services.GetRequiredService<IGrainStorage>();

    public async Task InitializeAsync()
    {
        _host = Build();
        await _host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task Read_NeverWritten_GivesAnEmptyState()
    {
        var state = await ReadAsync<Before>();

        state.RecordExists.Should().BeFalse();
        state.ETag.Should().BeNull();
        state.State!.Should().BeEquivalentTo(new Before());
    }

    [Fact]
    public async Task Write_TwoActivationsOfOneGrain_RefusesTheSecondAndItsNextWriteToo()
    {
        var first = await ReadAsync<Before>();
        var second = await ReadAsync<Before>();
        first.State!.Balance = 1;
        second.State!.Balance = 2;

        await Storage.WriteStateAsync("state", Grain, first);
        var write = () => Storage.WriteStateAsync("state", Grain, second);

        await write.Should().ThrowAsync<InconsistentStateException>();
        await write.Should().ThrowAsync<InconsistentStateException>();
        (await ReadAsync<Before>()).State!.Balance.Should().Be(1);
    }

    [Fact]
    public async Task Write_SameKeyOfAnotherGrainClass_IsAnotherRecord()
    {
        var other = GrainId.Create("other", "ledger/1");
        var state = await ReadAsync<Before>();
        state.State!.Balance = 1;
        await Storage.WriteStateAsync("state", Grain, state);

        var read = new GrainState<Before>();
        await Storage.ReadStateAsync("state", other, read);

        read.RecordExists.Should().BeFalse();
    }

    [Fact]
    public async Task Clear_StoredState_GivesAnEmptyStateThatCanBeWrittenAnew()
    {
        var state = await ReadAsync<Before>();
        state.State!.Balance = 1;
        await Storage.WriteStateAsync("state", Grain, state);

        await Storage.ClearStateAsync("state", Grain, state);
        var cleared = await ReadAsync<Before>();

        state.RecordExists.Should().BeFalse();
        state.State!.Balance.Should().Be(0);
        cleared.RecordExists.Should().BeFalse();
        await Storage.WriteStateAsync("state", Grain, cleared);
        await FluentActions.Awaiting(() => Storage.WriteStateAsync("state", Grain, state)).Should().ThrowAsync<InconsistentStateException>();
    }

    [Fact]
    public async Task Clear_NeverWritten_DoesNothing()
    {
        var state = await ReadAsync<Before>();

        await Storage.ClearStateAsync("state", Grain, state);

        state.ETag.Should().BeNull();
        (await ReadAsync<Before>()).ETag.Should().BeNull();
    }

    [Fact]
    public async Task Clear_WrittenByAnotherActivation_IsRefused()
    {
        var stale = await ReadAsync<Before>();
        await Storage.WriteStateAsync("state", Grain, await ReadAsync<Before>());

        await FluentActions.Awaiting(() => Storage.ClearStateAsync("state", Grain, stale)).Should().ThrowAsync<InconsistentStateException>();
    }

    [Fact]
    public async Task Read_StateOfAnotherVersionOfItsClass_KeepsWhatBothKnow()
    {
        var old = await ReadAsync<Before>();
        (old.State!.Balance, old.State!.Owner) = (7, "somebody");
        await Storage.WriteStateAsync("state", Grain, old);

        var renamed = await ReadAsync<After>();
        renamed.State!.Should().BeEquivalentTo(new After { Credit = 7 });
        renamed.State!.Seen = [1, 2];
        await Storage.WriteStateAsync("state", Grain, renamed);

        (await ReadAsync<Before>()).State.Should().BeEquivalentTo(new Before { Balance = 7 });
    }

    [Fact]
    public async Task Stop_StateWritten_IsThereAtTheNextStart()
    {
        var state = await ReadAsync<Before>();
        state.State!.Balance = 3;
        await Storage.WriteStateAsync("state", Grain, state);
        await StopAsync();
        File.Exists(FilePath + "-wal").Should().BeFalse("a file that was closed is complete");

        await InitializeAsync();

        (await ReadAsync<Before>()).State!.Balance.Should().Be(3);
    }

    [Fact]
    public async Task Start_FileOfAnotherSilo_FailsWithWhatIsWrong()
    {
        using var second = Build();

        await FluentActions.Awaiting(() => second.StartAsync()).Should().ThrowAsync<StateFileException>()
            .WithMessage($"{FilePath} is in use by another process.");
    }

    private async Task<IGrainState<T>> ReadAsync<T>()
    {
        var state = new GrainState<T>();
        await Storage.ReadStateAsync("state", Grain, state);
        return state;
    }

    private async Task StopAsync()
    {
        await _host!.StopAsync();
        _host.Dispose();
    }

    private IHost Build()
    {
        var ports = FreePorts.Take(2);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo.UseLocalhostClustering(ports[0], ports[1]).AddSqliteGrainStorageAsDefault(FilePath));
        return builder.Build();
    }

    [GenerateSerializer]
    internal sealed class Before
    {
        [Id(0)]
        public int Balance { get; set; }

        [Id(1)]
        public string? Owner { get; set; }
    }

    [GenerateSerializer]
    internal sealed class After
    {
        [Id(0)]
        public int Credit { get; set; }

        [Id(2)]
        public List<int>? Seen { get; set; }
    }
}
