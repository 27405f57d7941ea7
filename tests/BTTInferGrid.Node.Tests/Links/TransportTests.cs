using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BTTInferGrid.Node.Tests.Grid;
using Microsoft.Extensions.Options;

namespace BTTInferGrid.Node.Tests.Links;

public sealed class TransportTests
{
    [Fact]
    public async Task Tls_CertificateOfATrustedRoot_IsJoined()
    {
        using var certificate = Certificate("127.0.0.1");
        await using var grid = await ScriptedGrid.StartAsync(certificate);
        await using var node = await TestNode.StartAsync(options =>
        {
            options.Grids = [grid.Address];
            options.TrustedRoots = [certificate];
        });
        var session = await grid.WelcomeAsync();
        await session.SendAsync(node.Ask(1));

        grid.Address.Scheme.Should().Be("https");
        (await session.AnswerAsync(1)).Tokens.Should().NotBeEmpty();
    }

    [Fact]
    public async Task Tls_CertificateOfNoTrustedRoot_IsRefused()
    {
        using var certificate = Certificate("127.0.0.1");
        await using var grid = await ScriptedGrid.StartAsync(certificate);
        await using var node = await TestNode.StartAsync(grid);

        (await node.Log.LineAsync("[2204]")).Should().Contain("certificate");
        node.Log.Count("joins").Should().Be(0);
    }

    [Fact]
    public async Task Tls_CertificateOfAnotherHost_IsRefused()
    {
        using var certificate = Certificate("127.0.0.2");
        await using var grid = await ScriptedGrid.StartAsync(certificate);
        await using var node = await TestNode.StartAsync(options =>
        {
            options.Grids = [grid.Address];
            options.TrustedRoots = [certificate];
        });

        (await node.Log.LineAsync("[2204]")).Should().Contain("RemoteCertificateNameMismatch");
        node.Log.Count("joins").Should().Be(0);
    }

    public static TheoryData<string, bool, string?> Addresses => new()
    {
        { "http://127.0.0.1:8080", false, null },
        { "http://localhost", false, null },
        { "http://[::1]:80", false, null },
        { "https://grid.example", false, null },
        { "http://grid.example", true, null },
        { "http://grid.example:8080", false, "Use https" },
        { "http://10.0.0.1", false, "Use https" },
        { "ftp://grid.example", false, "is not the address" },
        { "https://grid.example/path", false, "is not the address" },
        { "https://grid.example/?query", false, "is not the address" },
        { "https://user@grid.example", false, "is not the address" },
        { "grid.example", true, "is not the address" },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public void Validate_AddressOfAFront_IsAcceptedOrRefusedWithASentence(string address, bool allowPlainText, string? error)
    {
        var result = new LinkOptionsValidator().Validate(null, new NodeOptions
        {
            Grids = [new Uri(address, UriKind.RelativeOrAbsolute)],
            AllowPlainText = allowPlainText,
        });

        result.Failed.Should().Be(error is not null, result.FailureMessage);
        (result.FailureMessage ?? "valid").Should().Contain(error ?? "valid");
    }

    [Fact]
    public async Task Start_PlainTextToAnotherMachine_FailsBeforeTheModelIsRead()
    {
        var start = () => TestNode.StartAsync(options =>
        {
            options.Grids = [new Uri("http://grid.example")];
            options.ModelFile = "does-not-exist.gguf";
        });

        (await start.Should().ThrowAsync<OptionsValidationException>()).WithMessage("*http does not encrypt. Use https*");
    }

    public static TheoryData<string, Action<NodeOptions>> BadOptions => new()
    {
        { nameof(NodeOptions.Grids), options => options.Grids = [] },
        { nameof(NodeOptions.Model), options => options.Model = "" },
        { nameof(NodeOptions.ModelFile), options => options.ModelFile = "" },
        { nameof(NodeOptions.ContextTokens), options => options.ContextTokens = -1 },
        { nameof(NodeOptions.OutputPrice), options => options.OutputPrice = -1 },
        { nameof(NodeOptions.DrainTimeout), options => options.DrainTimeout = TimeSpan.FromSeconds(-1) },
        { nameof(NodeOptions.MinPause), options => options.MinPause = TimeSpan.Zero },
        { nameof(NodeOptions.MaxPause), options => options.MaxPause = TimeSpan.FromMilliseconds(1) },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public async Task Start_OptionOutOfRange_FailsByItsName(string field, Action<NodeOptions> spoil)
    {
        var start = () => TestNode.StartAsync(options =>
        {
            options.Grids = [new Uri("http://127.0.0.1:1")];
            spoil(options);
        });

        (await start.Should().ThrowAsync<OptionsValidationException>()).WithMessage($"*{field}*");
    }

    public static TheoryData<string, byte[]> Garbage => new()
    {
        { "bytes that are no message", Frame(0, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF]) },
        { "a length of four gigabytes", [0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3] },
        { "a length that never comes", [0, 0, 0, 1, 0, 1] },
        { "no frame", [7, 7] },
        { "a text that is not UTF-8", Frame(0, [0x1A, 4, 0x12, 2, 0xC3, 0x28]) },
        { "a bomb of gzip", Frame(1, GzipOf(64 << 20)) },
        { "nothing", [] },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Session_BytesThatAreNoMessage_EndTheSessionAndNotTheNode(string name, byte[] bytes)
    {
        await using var grid = await ScriptedGrid.StartAsync(raw: async context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-encoding"] = "gzip";
            await context.Response.Body.WriteAsync(bytes);
            await context.Response.CompleteAsync();
        });
        await using var good = await ScriptedGrid.StartAsync();
        var memory = GC.GetTotalAllocatedBytes();
        await using var node = await TestNode.StartAsync(options => options.Grids = [grid.Address, good.Address]);

        (await node.Log.LineAsync($"not in session with {grid.Address}")).Should().Contain("[2204]", name);
        (GC.GetTotalAllocatedBytes() - memory).Should().BeLessThan(48 << 20, "the bomb was not unpacked");
        (await good.WelcomeAsync()).Should().NotBeNull();
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "404")]
    [InlineData(HttpStatusCode.Redirect, "302")]
    [InlineData(HttpStatusCode.OK, "content-type")]
    public async Task Session_ServerThatIsNoGrid_IsReportedAndLeft(HttpStatusCode status, string reason)
    {
        await using var grid = await ScriptedGrid.StartAsync(raw: context =>
        {
            context.Response.StatusCode = (int)status;
            context.Response.Headers.Location = "http://127.0.0.1:1/";
            context.Response.ContentType = "text/html";
            return Task.CompletedTask;
        });
        await using var node = await TestNode.StartAsync(grid);

        (await node.Log.LineAsync("[2204]")).Should().Contain(reason);
    }

    private static byte[] Frame(byte flag, byte[] message)
    {
        var frame = new byte[message.Length + 5];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private static byte[] GzipOf(int zeros)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(new byte[zeros]);
        }

        return packed.ToArray();
    }

    private static X509Certificate2 Certificate(string address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test grid", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        using var signed = request.CreateSelfSigned(now.AddMinutes(-5), now.AddHours(1));
        return X509CertificateLoader.LoadPkcs12(signed.Export(X509ContentType.Pkcs12), null);
    }
}
