using System.Net;
using System.Net.Sockets;
using BTTInferGrid.Silo.Home;
using BTTInferGrid.Silo.Hosting;
using BTTInferGrid.Testing;
using FluentAssertions;

namespace BTTInferGrid.Silo.Tests;

/// <summary>The ports of a silo, from start to start.</summary>
public sealed class SiloPortsTests : IDisposable
{
    private static readonly SiloPorts Any = new(0, 0);

    private readonly TemporaryHome _folder = new();

    private string FilePath => Path.Combine(_folder.Path, "ports.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Take_NoneSet_ChoosesTwoAndKeepsThem()
    {
        var first = Take(Any);

        first.Silo.Should().NotBe(first.Gateway);
        Take(Any).Should().Be(first);
    }

    [Fact]
    public void Take_KeptPortOfAnotherProcess_ChoosesAndKeepsAnother()
    {
        var first = Take(Any);
        using var other = new TcpListener(IPAddress.Loopback, first.Silo);
        other.Start();

        var second = Take(Any);

        second.Silo.Should().NotBe(first.Silo);
        second.Gateway.Should().Be(first.Gateway);
        other.Stop();
        Take(Any).Should().Be(second);
    }

    [Fact]
    public void Take_SetPorts_GoBeforeKeptOnes()
    {
        Take(Any);
        var free = FreePorts.Take(2);

        Take(new SiloPorts(free[0], free[1])).Should().Be(new SiloPorts(free[0], free[1]));
    }

    [Fact]
    public void Take_SetPortOfAnotherProcess_IsRefusedByTheSettingsName()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var take = () => Take(new SiloPorts(0, port));

        take.Should().Throw<StartException>().WithMessage($"*port {port}*cluster.gatewayPort*");
    }

    [Fact]
    public void Take_AddressOfNoInterface_IsRefused()
    {
        var take = () => SiloPorts.Take(FilePath, IPAddress.Parse("192.0.2.1"), Any);

        take.Should().Throw<StartException>().WithMessage("*192.0.2.1*");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"silo\": -1, \"gateway\": 65536}")]
    [InlineData("{\"silo\": \"x\"}")]
    public void Take_FileThatHoldsSomethingElse_IsReplaced(string content)
    {
        File.WriteAllText(FilePath, content);

        var first = Take(Any);

        Take(Any).Should().Be(first);
    }

    private SiloPorts Take(SiloPorts wanted) => SiloPorts.Take(FilePath, IPAddress.Loopback, wanted);
}
