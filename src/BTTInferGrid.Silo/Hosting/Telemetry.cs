using System.Net;
using System.Reflection;
using BTTInferGrid.Front;
using BTTInferGrid.Grains.Telemetry;
using BTTInferGrid.Silo.Configuration;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace BTTInferGrid.Silo.Hosting;

/// <summary>Exports metrics and traces of the process to a collector (OTLP), and metrics at <c>/metrics</c> (Prometheus).</summary>
internal static class Telemetry
{
    /// <summary>Where Prometheus reads.</summary>
    public const string MetricsPath = "/metrics";

    /// <summary>Where nodes open links: one call is one session, for days.</summary>
    public const string LinkPath = "/bttgrid.link.v1.Link";

    private static readonly string[] LocalHosts = ["localhost", "127.0.0.1"];
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Measures, and sends to the collector if there is one.</summary>
    /// <param name="services">The services of the process.</param>
    /// <param name="settings">The section of silo.json.</param>
    /// <param name="role">Service name of the process, such as <c>bttgrid-silo</c>; <c>OTEL_SERVICE_NAME</c> overrides it.</param>
    /// <param name="withHttp">Measure the HTTP server as well, and keep metrics for Prometheus.</param>
    public static void Add(IServiceCollection services, TelemetrySection settings, string role, bool withHttp)
    {
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService(role, serviceVersion: typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion)
                .AddEnvironmentVariableDetector())
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(GridTelemetry.Name, "Microsoft.Orleans", "System.Runtime");
                if (withHttp)
                {
                    metrics.AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel");
                    metrics.AddPrometheusExporter();
                }
            });
        var isInEnvironment = Environment.GetEnvironmentVariable(EndpointVariable) is { Length: > 0 };
        if (!isInEnvironment && settings.OtlpEndpoint is null)
        {
            return;
        }

        telemetry.WithTracing(traces =>
        {
            traces.AddSource(GridTelemetry.Name, "Microsoft.Orleans.*");
            if (withHttp)
            {
                traces.AddAspNetCoreInstrumentation(static http => http.Filter = static context => IsTraced(context.Request.Path));
            }
        });

        // What the environment names is read by the exporter itself, with all the other variables that it knows.
        _ = isInEnvironment
            ? telemetry.UseOtlpExporter()
            : telemetry.UseOtlpExporter(OtlpExportProtocol.Grpc, new Uri(settings.OtlpEndpoint!));
    }

    /// <summary>Maps the route of Prometheus, unless it is off.</summary>
    public static void Map(WebApplication app, SiloFile file)
    {
        switch (file.Telemetry.Metrics)
        {
            case MetricsAccess.Off:
                return;
            case MetricsAccess.Open:
                app.MapPrometheusScrapingEndpoint(MetricsPath);
                return;
            case null when IPAddress.IsLoopback(IPAddress.Parse(file.Front.Address)):
                // Neither a proxy's clients nor a web page whose name leads here ask for a host of this machine.
                app.MapPrometheusScrapingEndpoint(MetricsPath).RequireHost(LocalHosts);
                break;
        }

        app.MapGroup("").RequireAdminKey().MapPrometheusScrapingEndpoint(MetricsPath);
    }

    /// <summary>Whether a text is the address of a collector.</summary>
    public static bool IsEndpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https";

    private static bool IsTraced(PathString path) =>
        !path.StartsWithSegments(MetricsPath, StringComparison.Ordinal)
        && !path.StartsWithSegments("/health", StringComparison.Ordinal)
        && !path.StartsWithSegments(LinkPath, StringComparison.Ordinal);
}
