using System.Data.Common;
using BTTInferGrid.Grains.Clustering;

namespace BTTInferGrid.Cluster.Tests.Database;

/// <summary>The tables and queries, made by the first that starts.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class PostgresSchemaTests(DatabaseFixture fixture)
{
    [Fact]
    public async Task Create_ManyAtTheSameTime_MakesItOnce()
    {
        var database = await fixture.NewDatabaseAsync();

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => PostgresSchema.CreateAsync(database, default)));

        (await DatabaseFixture.ExecuteAsync(database, "select count(*) from bttgrid_schema")).Should().Be(1L);
        (await DatabaseFixture.ExecuteAsync(database, "select count(*) from OrleansQuery")).Should().Be(13L);
    }

    [Fact]
    public async Task Create_Again_LeavesWhatIsThere()
    {
        var database = await fixture.NewDatabaseAsync();
        await PostgresSchema.CreateAsync(database, default);
        await DatabaseFixture.ExecuteAsync(database, "insert into cluster_version values ('kept', 7)");

        await PostgresSchema.CreateAsync(database, default);

        (await DatabaseFixture.ExecuteAsync(database, "select version from cluster_version")).Should().Be(7);
    }

    [Fact]
    public async Task Create_DatabaseOfANewerVersion_IsRefused()
    {
        var database = await fixture.NewDatabaseAsync();
        await PostgresSchema.CreateAsync(database, default);
        await DatabaseFixture.ExecuteAsync(database, "insert into bttgrid_schema values (2)");

        await FluentActions.Awaiting(() => PostgresSchema.CreateAsync(database, default)).Should().ThrowAsync<DbException>()
            .WithMessage("*newer version*schema 2*knows 1*");
    }

    [Fact]
    public async Task Create_UserWithoutRights_IsRefusedAndLeavesNothing()
    {
        var database = await fixture.NewDatabaseAsync();
        await DatabaseFixture.ExecuteAsync(database, "create role visitor login");
        var visitor = database.Replace("Username=grid", "Username=visitor", StringComparison.Ordinal);

        await FluentActions.Awaiting(() => PostgresSchema.CreateAsync(visitor, default)).Should().ThrowAsync<DbException>();

        (await DatabaseFixture.ExecuteAsync(database, "select to_regclass('bttgrid_schema') is null")).Should().Be(true);
    }

    [Fact]
    public async Task Create_ServerThatIsNotThere_IsADatabaseError()
    {
        var nowhere = $"Host=127.0.0.1;Port={FreePorts.Take(1)[0]};Username=grid;Database=postgres";

        await FluentActions.Awaiting(() => PostgresSchema.CreateAsync(nowhere, default)).Should().ThrowAsync<DbException>();
    }
}
