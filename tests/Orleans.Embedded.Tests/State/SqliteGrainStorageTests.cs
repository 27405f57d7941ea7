using System.Globalization;
using Orleans.Configuration;
using Folder = System.IO.Directory;

namespace Orleans.Embedded.Tests.State;

public sealed class SqliteGrainStorageTests : AdoNetGrainStorageContract
{
    private readonly string _folder = Folder.CreateTempSubdirectory("grain-state-").FullName;

    protected override AdoNetGrainStorageOptions Options => new()
    {
        Invariant = "Microsoft.Data.Sqlite",
        ConnectionString = $"Data Source={Path.Combine(_folder, "state.db")};Pooling=false",
    };

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Folder.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("pragma journal_mode", "wal")]
    [InlineData("pragma synchronous", "2")]
    public async Task Connect_File_HasALogAndSynchronisesEachWrite(string pragma, string expected)
    {
        Assert.Equal(expected, await Source.RunAsync(async connection =>
        {
            await using var command = connection.CreateCommand();
            command.CommandText = pragma;
            return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
        }, CancellationToken.None));
    }
}
