using System.Diagnostics;
using System.Net;
using System.Reflection;
using Folder = System.IO.Directory;

namespace BTTInferGrid.Testing;

/// <summary>A real PostgreSQL server of its own: data in a temporary folder, on a free port of this host.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string Native = typeof(PostgresServer).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(static item => item.Key == "Postgres").Value!;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"postgres-{Guid.NewGuid():N}");
    private readonly int _port = FreePorts.Take(1)[0];
    private bool _isRunning;

    private PostgresServer()
    {
    }

    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Username=grid;Database=postgres";

    public IPEndPoint Endpoint => new(IPAddress.Loopback, _port);

    private static bool IsRoot => string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    private string Data => Path.Combine(_folder, "data");

    private string Libraries => Path.Combine(_folder, "lib");

    /// <summary>Makes a new, empty server and starts it.</summary>
    /// <exception cref="InvalidOperationException">It is not installed, or one of its programs failed.</exception>
    public static async Task<PostgresServer> CreateAsync()
    {
        if (!File.Exists(Path.Combine(Native, "bin", "initdb")))
        {
            throw new InvalidOperationException(
                $"PostgreSQL is not in {Native}. Install it with 'npm ci --ignore-scripts' in the root of the repository.");
        }

        var server = new PostgresServer();
        Folder.CreateDirectory(server.Libraries);
        server.LinkLibraries();
        if (IsRoot)
        {
            await server.RunAsync("chown", "nobody", server._folder);
        }

        await server.RunBinaryAsync(
            "initdb", "-D", server.Data, "-U", "grid", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync");
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts the server that was stopped, with its data and on its port.</summary>
    public async Task StartAsync()
    {
        var options = $"-c listen_addresses=127.0.0.1 -c unix_socket_directories= -p {_port}";
        await RunBinaryAsync(
            "pg_ctl", "start", "-w", "-D", Data, "-l", Path.Combine(_folder, "server.log"), "-o", options);
        _isRunning = true;
    }

    /// <summary>Cuts all connections and stops the server in good order; what was committed stays.</summary>
    public async Task StopAsync()
    {
        _isRunning = false;
        await RunBinaryAsync("pg_ctl", "stop", "-w", "-m", "fast", "-D", Data);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isRunning)
        {
            await StopAsync();
        }

        Folder.Delete(_folder, recursive: true);
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
        var command = $"{program} {string.Join(' ', arguments)}";
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{command} did not end within {Patience.TotalSeconds} s.");
        }

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command} failed: {await File.ReadAllTextAsync(output)}");
        }
    }
}
