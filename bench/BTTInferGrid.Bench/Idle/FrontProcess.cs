using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using BTTInferGrid.Testing;

namespace BTTInferGrid.Bench.Idle;

/// <summary>What a front has used up to a moment.</summary>
/// <param name="ResidentBytes">Memory of the process that is in RAM.</param>
/// <param name="HeapBytes">Managed heap after the latest collection.</param>
/// <param name="Cpu">Processor time of the process.</param>
/// <param name="GrainCalls">Calls of grains that its silo has received, those that want no answer included.</param>
/// <param name="Active">Miners that get jobs.</param>
internal sealed record FrontFigures(double ResidentBytes, double HeapBytes, TimeSpan Cpu, double GrainCalls, int Active);

/// <summary>A front in another process of this machine: one that runs, or one of its own that ends with it.</summary>
internal sealed partial class FrontProcess(Uri url, int processId, IAsyncDisposable? child = null) : IAsyncDisposable
{
    private const double TicksPerSecond = 100;

    private readonly HttpClient _http = new() { BaseAddress = url };

    public Uri Url => url;

    /// <summary>Starts a front on a free port, with a folder of its own.</summary>
    /// <param name="program">bttgrid.dll.</param>
    /// <param name="home">The folder.</param>
    /// <param name="model">Id of the model that it serves.</param>
    /// <param name="file">File of the model.</param>
    public static async Task<FrontProcess> StartAsync(string program, string home, string model, string file)
    {
        var settings = Path.Combine(home, "silo.json");
        await File.WriteAllTextAsync(settings, JsonSerializer.Serialize(
            new { models = new[] { new { id = model, file = Path.GetFullPath(file), contextTokens = 512 } } }));
        var child = new ChildProcess(Path.GetFullPath(program), ["silo", "--port", "0", "--home", home], new Dictionary<string, string?>
        {
            ["BTTGRID_CONFIG"] = settings,
            ["BTTGRID_LOG_LEVEL"] = "Warning",
        });
        try
        {
            await child.WaitForOutputAsync("Ctrl-C stops the grid");
            return new FrontProcess(new Uri(Listens().Match(child.Output).Groups[1].Value), child.Id, child);
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads the figures from /proc and the front's metrics, which it keeps for a moment.</summary>
    public async Task<FrontFigures> ReadAsync()
    {
        var metrics = (await _http.GetStringAsync("/metrics")).Split('\n');
        var resident = File.ReadLines($"/proc/{processId}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));

        // The name of the program, in parentheses, may hold spaces: state is the first field after it, utime the twelfth.
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return new FrontFigures(
            1024 * double.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture),
            Sum(metrics, "dotnet_gc_last_collection_heap_size_bytes"),
            TimeSpan.FromSeconds(ticks / TicksPerSecond),
            Sum(metrics, "orleans_messaging_processing_dispatcher_received_total"),
            (int)Sum(metrics, "bttgrid_miners", "=\"active\""));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (child is not null)
        {
            await child.DisposeAsync();
        }
    }

    private static double Sum(IEnumerable<string> metrics, string name, string label = "") => metrics
        .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is '{' or ' '
            && line.Contains(label, StringComparison.Ordinal))
        .Sum(static line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture));

    [GeneratedRegex(@"listens on (http\S+?)\.?\s")]
    private static partial Regex Listens();
}
