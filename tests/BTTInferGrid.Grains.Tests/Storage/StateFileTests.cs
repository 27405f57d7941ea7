using BTTInferGrid.Grains.Storage;
using BTTInferGrid.Testing;
using FluentAssertions;
using Microsoft.Data.Sqlite;

namespace BTTInferGrid.Grains.Tests.Storage;

/// <summary>What is promised of one record, over failures of others and of the process.</summary>
public sealed class StateFileTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    private string FilePath => Path.Combine(_home.Path, "state.db");

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Write_ThenReopen_ReadsTheLatest()
    {
        using (var file = StateFile.Open(FilePath))
        {
            (await file.ReadAsync("a")).Should().BeNull();
            (await file.WriteAsync("a", null, [1])).Should().BeEquivalentTo(new StoredState(1, [1]));
            (await file.WriteAsync("a", 1, [2])).Should().BeEquivalentTo(new StoredState(2, [2]));
        }

        using var again = StateFile.Open(FilePath);
        (await again.ReadAsync("a")).Should().BeEquivalentTo(new StoredState(2, [2]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1L)]
    [InlineData(3L)]
    public async Task Write_AnotherVersionThanIsStored_ChangesNothing(long? expected)
    {
        using var file = StateFile.Open(FilePath);
        await file.WriteAsync("a", null, [1]);
        await file.WriteAsync("a", 1, [2]);

        (await file.WriteAsync("a", expected, [3])).Should().BeNull();

        (await file.ReadAsync("a")).Should().BeEquivalentTo(new StoredState(2, [2]));
    }

    [Fact]
    public async Task Write_VersionOfARecordThatIsNotThere_IsRefused()
    {
        using var file = StateFile.Open(FilePath);

        (await file.WriteAsync("a", 1, [1])).Should().BeNull();

        (await file.ReadAsync("a")).Should().BeNull();
    }

    [Fact]
    public async Task Write_AfterTheRecordWasClearedAndWrittenAnew_IsRefusedForAVersionFromBefore()
    {
        using var file = StateFile.Open(FilePath);
        await file.WriteAsync("a", null, [1]);
        await file.WriteAsync("a", 1, null);
        (await file.ReadAsync("a")).Should().BeEquivalentTo(new StoredState(2, null));
        await file.WriteAsync("a", 2, [3]);

        (await file.WriteAsync("a", 1, [4])).Should().BeNull();
    }

    [Fact]
    public async Task Write_ManyAtTheSameTime_AllAreStored()
    {
        const int Writers = 64, Times = 20;
        using var file = StateFile.Open(FilePath);

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            long? version = null;
            for (var i = 0; i < Times; i++)
            {
                version = (await file.WriteAsync($"w{writer}", version, [(byte)i]))!.Value.Version;
            }
        }));

        for (var writer = 0; writer < Writers; writer++)
        {
            (await file.ReadAsync($"w{writer}")).Should().BeEquivalentTo(new StoredState(Times, [Times - 1]));
        }
    }

    [Fact]
    public async Task Write_OfOneVersionByMany_SucceedsOnce()
    {
        using var file = StateFile.Open(FilePath);

        var first = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => file.WriteAsync("a", null, [(byte)i])));
        var second = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => file.WriteAsync("a", 1, [(byte)i])));

        first.Should().ContainSingle(static state => state != null);
        second.Should().ContainSingle(static state => state != null);
    }

    [Fact]
    public async Task Write_StatementThatFails_FailsAloneInItsTransaction()
    {
        AddTrigger("abort");
        using var file = StateFile.Open(FilePath);

        var writes = Enumerable.Range(0, 200).Select(i => file.WriteAsync(i == 100 ? "poison" : $"good-{i}", null, [1])).ToArray();

        await FluentActions.Awaiting(() => writes[100]).Should().ThrowAsync<StateFileException>().WithMessage($"{FilePath} *poisoned*");
        (await Task.WhenAll(writes.Where((_, i) => i != 100))).Should().OnlyContain(static state => state != null);
    }

    [Fact]
    public async Task Write_TransactionThatIsUndone_FailsForAllThatWereInItAndStoresNone()
    {
        AddTrigger("rollback");
        using var file = StateFile.Open(FilePath);

        var writes = Enumerable.Range(0, 200).Select(i => file.WriteAsync(i == 100 ? "poison" : $"good-{i}", null, [1])).ToArray();

        await FluentActions.Awaiting(() => writes[100]).Should().ThrowAsync<StateFileException>();
        for (var i = 0; i < writes.Length; i++)
        {
            var isStored = await writes[i].ContinueWith(static write => write.IsCompletedSuccessfully, TaskScheduler.Default);
            ((await file.ReadAsync($"good-{i}")) is not null).Should().Be(isStored);
        }

        (await file.WriteAsync("later", null, [1])).Should().NotBeNull();
    }

    [Fact]
    public async Task Dispose_WritesUnderWay_AreStored()
    {
        Task<StoredState?>[] writes;
        using (var file = StateFile.Open(FilePath))
        {
            writes = [.. Enumerable.Range(0, 1000).Select(i => file.WriteAsync($"w{i}", null, [1]))];
        }

        writes.Should().OnlyContain(static write => write.IsCompletedSuccessfully && write.Result != null);
        using var again = StateFile.Open(FilePath);
        (await again.ReadAsync("w999")).Should().NotBeNull();
    }

    [Fact]
    public async Task Kill_WhileManyWrite_LeavesAllThatWasAcknowledged()
    {
        await using (var child = new ChildProcess(typeof(StateFileTests).Assembly.Location, ["write", FilePath]))
        {
            await child.WaitForOutputAsync("stored 0 50");
            child.Send(ProcessSignal.Kill);
            await child.WaitForExitAsync();

            using var file = StateFile.Open(FilePath);
            for (var writer = 0; writer < WriterProgram.Writers; writer++)
            {
                var acknowledged = child.Output.Split('\n').Where(line => line.StartsWith($"stored {writer} ", StringComparison.Ordinal))
                    .Select(static line => long.Parse(line.Split(' ')[2])).Max();

                // Of the writes after it, one may have been committed and not told.
                (await file.ReadAsync($"writer-{writer}"))!.Value.Version.Should().BeInRange(acknowledged, acknowledged + 1);
            }
        }
    }

    [Fact]
    public void Open_FileOfAnotherProcess_IsRefused()
    {
        using var file = StateFile.Open(FilePath);

        var open = () => StateFile.Open(FilePath);

        open.Should().Throw<StateFileException>().WithMessage($"{FilePath} is in use by another process.");
    }

    [Fact]
    public void Open_FileThatIsNoDatabase_IsRefused()
    {
        File.WriteAllText(FilePath, new string('x', 4096));

        var open = () => StateFile.Open(FilePath);

        open.Should().Throw<StateFileException>().WithMessage($"{FilePath} is damaged, or no SQLite database.");
    }

    [Fact]
    public void Open_FileOfANewerVersion_IsRefusedAndLeftAsItIs()
    {
        StateFile.Open(FilePath).Dispose();
        Execute("pragma user_version = 2");

        var open = () => StateFile.Open(FilePath);

        open.Should().Throw<StateFileException>().WithMessage($"{FilePath} was written by a newer version*schema 2*knows 1*");
        open.Should().Throw<StateFileException>("it is not upgraded by being looked at").WithMessage("*newer*");
    }

    [Fact]
    public void Open_FolderThatIsNotThere_IsRefused()
    {
        var open = () => StateFile.Open(Path.Combine(_home.Path, "none", "state.db"));

        open.Should().Throw<StateFileException>().WithMessage("*cannot be opened.");
    }

    [Fact]
    public async Task Read_DamagedPages_SaysSo()
    {
        using (var file = StateFile.Open(FilePath))
        {
            await Task.WhenAll(Enumerable.Range(0, 500).Select(i => file.WriteAsync($"w{i}", null, new byte[1024])));
        }

        using (var stream = File.OpenWrite(FilePath))
        {
            stream.Position = 8192;
            stream.Write(Enumerable.Repeat((byte)0xA5, (int)stream.Length - 8192).ToArray());
        }

        using var damaged = StateFile.Open(FilePath);
        await FluentActions.Awaiting(() => damaged.ReadAsync("w250")).Should().ThrowAsync<StateFileException>()
            .WithMessage($"{FilePath} is damaged.");
    }

    [Theory]
    [InlineData(5, "is in use by another process.")]
    [InlineData(13, "cannot grow: the disk is full.")]
    [InlineData(8, "cannot be written.")]
    [InlineData(10, "cannot be read or written: *disk I/O error*")]
    public void Exception_ErrorOfSqlite_IsToldInWords(int code, string problem) =>
        StateFileException.Of("state.db", new SqliteException("disk I/O error", code)).Message.Should().Match($"state.db {problem}");

    private void AddTrigger(string action)
    {
        StateFile.Open(FilePath).Dispose();
        Execute($"create trigger poison before insert on grain_state when new.key = 'poison' begin select raise({action}, 'poisoned'); end");
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={FilePath};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
