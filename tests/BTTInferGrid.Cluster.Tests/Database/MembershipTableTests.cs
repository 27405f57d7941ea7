using System.Net;
using BTTInferGrid.Cluster.Tests.Processes;
using BTTInferGrid.Grains.Clustering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BTTInferGrid.Cluster.Tests.Database;

/// <summary>Orleans' table of members with our queries: of two changes that begin with one version, one succeeds.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class MembershipTableTests(DatabaseFixture fixture) : IAsyncLifetime
{
    private static readonly DateTime Now = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private IHost? _host;

    private IMembershipTable Table => _host!.Services.GetRequiredService<IMembershipTable>();

    public async Task InitializeAsync()
    {
        // A database without silos; the host is not started, only its table is used.
        var database = await fixture.NewDatabaseAsync();
        await PostgresSchema.CreateAsync(database, default);
        _host = Program.Build(database, 1, 2);
        await Table.InitializeMembershipTableAsync(tryInitTableVersion: true);
        await Table.InitializeMembershipTableAsync(tryInitTableVersion: true);
    }

    public Task DisposeAsync()
    {
        _host!.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Insert_ManyOfOneVersion_SucceedsOnce()
    {
        var version = (await Table.ReadAllAsync()).Version.Next();

        var inserted = await Task.WhenAll(Enumerable.Range(1, 10).Select(i => Table.InsertRowAsync(Member(i), version)));

        inserted.Should().ContainSingle(static done => done);
        var after = await Table.ReadAllAsync();
        after.Members.Should().ContainSingle();
        after.Version.Version.Should().Be(1);
    }

    [Fact]
    public async Task Insert_MemberThatIsThere_IsRefusedAndTakesNoVersion()
    {
        await InsertAsync(Member(1));

        (await Table.InsertRowAsync(Member(1), (await Table.ReadAllAsync()).Version.Next())).Should().BeFalse();

        (await Table.ReadAllAsync()).Version.Version.Should().Be(1);
    }

    [Fact]
    public async Task Update_ManyOfOneVersion_SucceedsOnce()
    {
        await InsertAsync(Member(1));
        var read = await Table.ReadAllAsync();

        var updated = await Task.WhenAll(Enumerable.Range(0, 10).Select(
            _ => Table.UpdateRowAsync(Member(1, SiloStatus.Active), read.Members[0].Item2, read.Version.Next())));

        updated.Should().ContainSingle(static done => done);
        (await Table.ReadAllAsync()).Version.Version.Should().Be(2);
    }

    [Fact]
    public async Task Update_MemberThatIsNotThere_IsRefusedAndTakesNoVersion()
    {
        var version = (await Table.ReadAllAsync()).Version;

        (await Table.UpdateRowAsync(Member(1, SiloStatus.Active), version.VersionEtag, version.Next())).Should().BeFalse();

        (await Table.ReadAllAsync()).Version.Version.Should().Be(0);
    }

    [Fact]
    public async Task Read_WhatWasWritten_IsTheSame()
    {
        var member = Member(1, SiloStatus.Active);
        await InsertAsync(member);
        await InsertAsync(Member(2));
        member.SuspectTimes = [Tuple.Create(Member(2).SiloAddress, Now)];
        member.IAmAliveTime = Now.AddSeconds(5);
        var all = await Table.ReadAllAsync();
        await Table.UpdateRowAsync(member, all.TryGet(member.SiloAddress)!.Item2, all.Version.Next());
        await Table.UpdateIAmAliveAsync(Alive(Member(2), Now.AddSeconds(7)));

        var one = (await Table.ReadRowAsync(member.SiloAddress)).Members.Should().ContainSingle().Subject.Item1;
        one.Should().BeEquivalentTo(member, static options => options.Excluding(static entry => entry.RoleName));
        var other = (await Table.ReadAllAsync()).TryGet(Member(2).SiloAddress)!.Item1;
        other.IAmAliveTime.Should().Be(Now.AddSeconds(7));
        (await Table.ReadRowAsync(Member(3).SiloAddress)).Members.Should().BeEmpty();
    }

    [Fact]
    public async Task Cleanup_OldMembers_RemovesOnlyThoseThatAreDead()
    {
        await InsertAsync(Member(1, SiloStatus.Active));
        await InsertAsync(Member(2, SiloStatus.Dead));
        await InsertAsync(Member(3, SiloStatus.Joining));
        await InsertAsync(Alive(Member(4, SiloStatus.Dead), Now.AddHours(2)));

        await Table.CleanupDefunctSiloEntriesAsync(Now.AddHours(1));

        (await Table.ReadAllAsync()).Members.Select(static member => member.Item1.SiloAddress.Endpoint.Port)
            .Should().BeEquivalentTo([1, 3, 4]);
    }

    private static MembershipEntry Member(int port, SiloStatus status = SiloStatus.Joining) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, port, 1),
        SiloName = $"silo {port}",
        HostName = "here",
        Status = status,
        ProxyPort = 30000 + port,
        StartTime = Now,
        IAmAliveTime = Now,
    };

    private static MembershipEntry Alive(MembershipEntry entry, DateTime time)
    {
        entry.IAmAliveTime = time;
        return entry;
    }

    private async Task InsertAsync(MembershipEntry entry) =>
        (await Table.InsertRowAsync(entry, (await Table.ReadAllAsync()).Version.Next())).Should().BeTrue();
}
