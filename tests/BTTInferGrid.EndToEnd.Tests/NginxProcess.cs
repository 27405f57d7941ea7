using System.Diagnostics;
using System.Net.Sockets;
using BTTInferGrid.Testing;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>nginx, as Debian has it, which ends TLS in front of a grid.</summary>
internal sealed class NginxProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryHome _folder = new();
    private readonly int _port = FreePorts.Take(1)[0];
    private readonly Process _process;

    private NginxProcess(Uri front, TestAuthority authority)
    {
        var file = Path.Combine(_folder.Path, "nginx.conf");
        File.WriteAllText(file, Configuration(front, authority));
        _process = Process.Start(Program(), ["-p", _folder.Path, "-e", "stderr", "-c", file]);
    }

    public Uri Url => new($"https://localhost:{_port}");

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="front">Where the grid listens, without TLS.</param>
    /// <param name="authority">Whose certificate it shows.</param>
    /// <exception cref="InvalidOperationException">It is not installed, or does not start.</exception>
    public static async Task<NginxProcess> StartAsync(Uri front, TestAuthority authority)
    {
        var proxy = new NginxProcess(front, authority);
        await Poll.UntilAsync(proxy.ListensAsync, static listens => listens, Patience);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private static string Program() =>
        new[] { "/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx" }.FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("nginx is not installed. Install it with 'apt-get install nginx-light'.");

    private async Task<bool> ListensAsync()
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"nginx ended with code {_process.ExitCode}; its output says why.");
        }

        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>A link lives for days in one request, so no limit may end it that counts from its beginning or its last byte.</summary>
    private string Configuration(Uri front, TestAuthority authority) => $$"""
        daemon off;
        {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
        pid {{_folder.Path}}/nginx.pid;
        events { worker_connections 256; }
        http {
          access_log off;
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
          server {
            listen 127.0.0.1:{{_port}} ssl http2;
            server_name localhost;
            ssl_certificate {{authority.CertificateFile}};
            ssl_certificate_key {{authority.KeyFile}};
            location /bttgrid.link.v1.Link/ {
              grpc_pass grpc://{{front.Authority}};
              grpc_read_timeout 1h;
              grpc_send_timeout 1h;
              client_body_timeout 1h;
              client_max_body_size 0;
            }
            location / {
              proxy_pass http://{{front.Authority}};
              proxy_http_version 1.1;
              proxy_buffering off;
              proxy_read_timeout 1h;
            }
          }
        }
        """;
}
