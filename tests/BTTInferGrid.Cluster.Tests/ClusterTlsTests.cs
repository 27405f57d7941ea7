using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using BTTInferGrid.Cluster.Tests.Processes;
using Npgsql;

namespace BTTInferGrid.Cluster.Tests;

/// <summary>A cluster with certificates, and those who want to be part of it.</summary>
public sealed class ClusterTlsTests : IAsyncLifetime
{
    // A client tries for as long as it may.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly TemporaryHome _folder = new();
    private PostgresServer? _database;

    private string Ours => Path.Combine(_folder.Path, "ours");

    private string Theirs => Path.Combine(_folder.Path, "theirs");

    private string Database => _database!.ConnectionString;

    public async Task InitializeAsync()
    {
        TestCertificates.Create(Ours, "our authority");
        TestCertificates.Create(Theirs, "another authority");
        _database = await PostgresServer.CreateAsync();
    }

    public async Task DisposeAsync()
    {
        await _database!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Cluster_StrangersWithTheDatabasesPassword_NeitherJoinNorCall()
    {
        await using var first = new SiloProcess(Database, Ours);
        await using var second = new SiloProcess(Database, Ours);
        await using var stranger = new SiloProcess(Database, Theirs);
        await using var nobody = new SiloProcess(Database);
        first.Begin();
        await first.WaitUntilReadyAsync();
        second.Begin();
        await second.WaitUntilReadyAsync();
        using (var client = await ClusterClient.ConnectAsync(Database, TestCertificates.Load(Ours)))
        {
            await RunningCluster.UntilAnsweredAsync(() => client.Ledger("ours").Add("entry"), TimeSpan.FromSeconds(30));
        }

        await FluentActions.Awaiting(() => ClusterClient.ConnectAsync(Database, TestCertificates.Load(Theirs), Patience))
            .Should().ThrowAsync<Exception>("a client of another authority is none of ours");
        await FluentActions.Awaiting(() => ClusterClient.ConnectAsync(Database, tls: null, Patience))
            .Should().ThrowAsync<Exception>("nor is one without");

        stranger.Begin();
        await stranger.Process.WaitForLogAsync("Authentication failed");
        nobody.Begin();
        await nobody.Process.WaitForLogAsync("onnect");
        (await ActiveMembersAsync()).Should().Be(2);
        stranger.Process.Output.Should().NotContain(Program.Ready);
        nobody.Process.Output.Should().NotContain(Program.Ready);
    }

    [Fact]
    public async Task Handshake_WithoutACertificate_IsRefused()
    {
        var ports = FreePorts.Take(2);
        using var silo = Program.Build(Database, ports[0], ports[1], TestCertificates.Load(Ours));
        await silo.StartAsync();
        foreach (var port in ports)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, port);
            await using var tls = new SslStream(socket.GetStream());
            var read = async () =>
            {
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
                {
                    TargetHost = "silo",
                    RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
                });

                // In TLS 1.3 a client is done before the server has seen that there is no certificate.
                return await tls.ReadAsync(new byte[1]) == 0 ? throw new IOException("closed") : "an answer";
            };
            await read.Should().ThrowAsync<Exception>();
        }

        await silo.StopAsync();
    }

    [Fact]
    public void Load_CertificateOfAnotherAuthority_IsRefused()
    {
        File.Copy(Path.Combine(Theirs, "ca.pem"), Path.Combine(Ours, "ca.pem"), overwrite: true);

        FluentActions.Invoking(() => TestCertificates.Load(Ours)).Should().Throw<CryptographicException>().WithMessage("*not of the authority*");
    }

    [Fact]
    public void Load_CertificateThatHasExpired_IsRefused()
    {
        TestCertificates.Create(Ours, "our authority", expired: true);

        FluentActions.Invoking(() => TestCertificates.Load(Ours)).Should().Throw<CryptographicException>().WithMessage("*not valid now*");
    }

    [Fact]
    public void Load_KeyOfAnotherCertificate_IsRefused()
    {
        File.Copy(Path.Combine(Theirs, "own.key"), Path.Combine(Ours, "own.key"), overwrite: true);

        FluentActions.Invoking(() => TestCertificates.Load(Ours)).Should().Throw<CryptographicException>().WithMessage("*is not that of the certificate*");
    }

    [Theory]
    [InlineData("own.pem")]
    [InlineData("own.key")]
    [InlineData("ca.pem")]
    public void Load_FileThatHoldsSomethingElse_IsRefused(string file)
    {
        File.WriteAllText(Path.Combine(Ours, file), "nothing");

        FluentActions.Invoking(() => TestCertificates.Load(Ours)).Should().Throw<CryptographicException>();
    }

    private async Task<long> ActiveMembersAsync()
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select count(*) from cluster_member where status = 3", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
