using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Folder = System.IO.Directory;

namespace Orleans.Embedded.Tests.Support;

/// <summary>A PostgreSQL server of its own for the test run: data in a temporary folder, on a free port.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private static readonly string Native = typeof(PostgresServer).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(static item => item.Key == "Postgres").Value!;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"postgres-{Guid.NewGuid():N}");

    public string ConnectionString { get; private set; } = string.Empty;

    private string Data => Path.Combine(_folder, "data");

    private string Libraries => Path.Combine(_folder, "lib");

    public async Task InitializeAsync()
    {
        Assert.True(
            File.Exists(Path.Combine(Native, "bin", "initdb")),
            $"PostgreSQL is not in {Native}. Install it with 'npm ci --ignore-scripts' in the root of the repository.");
        Folder.CreateDirectory(Libraries);
        LinkLibraries();
        if (IsRoot)
        {
            await RunAsync("chown", "nobody", _folder);
        }

        var port = FreePort();
        await RunBinaryAsync("initdb", "-D", Data, "-U", "grid", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync");
        var options = $"-c listen_addresses=127.0.0.1 -c unix_socket_directories= -p {port}";
        await RunBinaryAsync(
            "pg_ctl", "start", "-w", "-D", Data, "-l", Path.Combine(_folder, "server.log"), "-o", options);
        ConnectionString = $"Host=127.0.0.1;Port={port};Username=grid;Database=postgres";
    }

    public async Task DisposeAsync()
    {
        await RunBinaryAsync("pg_ctl", "stop", "-w", "-m", "fast", "-D", Data);
        Folder.Delete(_folder, recursive: true);
    }

    private static bool IsRoot => string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>
    /// Gives libraries the names they are looked up with (libX.so.60 for libX.so.60.2), which the package leaves to an
    /// install script.
    /// </summary>
    private void LinkLibraries()
    {
        foreach (var file in Folder.EnumerateFiles(Path.Combine(Native, "lib"), "*.so.*.*"))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            File.CreateSymbolicLink(Path.Combine(Libraries, name), file);
        }
    }

    /// <summary>Runs a program of the server, which refuses to run as root.</summary>
    private Task RunBinaryAsync(string name, params string[] arguments)
    {
        var libraries = $"LD_LIBRARY_PATH={Libraries}:{Path.Combine(Native, "lib")}";
        string[] command = ["env", libraries, Path.Combine(Native, "bin", name), .. arguments];
        return IsRoot ? RunAsync("runuser", ["-u", "nobody", "--", .. command]) : RunAsync(command[0], command[1..]);
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        // Output goes nowhere: the server inherits it, and a pipe would stay open as long as the server lives.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = _folder };
        var output = Path.Combine(_folder, "command.log");
        string[] words = ["-c", "exec \"$@\" > \"$0\" 2>&1", output, program, .. arguments];
        Array.ForEach(words, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync().Within($"the end of {program} {string.Join(' ', arguments)}");
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} failed: {File.ReadAllText(output)}");
    }
}

/// <summary>The tests that share the server, which lives as long as they do.</summary>
[CollectionDefinition(nameof(PostgresServer))]
public sealed class PostgresCollection : ICollectionFixture<PostgresServer>;
