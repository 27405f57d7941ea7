using System.Diagnostics;
using System.Globalization;
using BTTInferGrid.Inference;
using BTTInferGrid.Link.V1;
using BTTInferGrid.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Bench.Idle;

/// <summary>What nodes cost a front that keep their links open and serve nobody. Linux only.</summary>
internal static class IdleBench
{
    public const string Usage =
        "usage: BTTInferGrid.Bench idle --nodes N --seconds S [--bttgrid DLL] [--model FILE] [--url URL --pid PID]";

    private const string ModelId = "grid-tiny";
    private const string Answer = " Tokyo";

    // So that code is compiled and pools are filled before the memory is measured.
    private const int WarmNodes = 50;
    private const int JoinsAtOnce = 32;

    // Files that this process and the front open beside the sockets.
    private const int OtherFiles = 500;
    private const double Kibi = 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var options = args.Chunk(2).ToDictionary(static pair => pair[0], static pair => pair.Length == 2 ? pair[1] : throw new ArgumentException(Usage));
        var count = int.Parse(options["--nodes"], CultureInfo.InvariantCulture);
        var seconds = double.Parse(options["--seconds"], CultureInfo.InvariantCulture);
        var model = options.GetValueOrDefault("--model", "models/grid-tiny-4l.q8_0.gguf");
        if (FileLimit() is { } limit && limit < WarmNodes + count + OtherFiles)
        {
            await Console.Error.WriteLineAsync(
                $"A process may open {limit} files here; {count} nodes need {WarmNodes + count + OtherFiles}. Raise the limit with 'ulimit -n'.");
            return 2;
        }

        using var home = new TemporaryHome();
        await using var front = options.TryGetValue("--url", out var url)
            ? new FrontProcess(new Uri(url), int.Parse(options["--pid"], CultureInfo.InvariantCulture))
            : await FrontProcess.StartAsync(
                options.GetValueOrDefault("--bttgrid", "src/BTTInferGrid.Silo/bin/Release/net10.0/bttgrid.dll"), home.Path, ModelId, model);
        var nodes = await NodesAsync(front.Url, model);
        using var stop = new CancellationTokenSource();
        var serving = new List<Task>();
        await JoinAsync(WarmNodes);
        var before = await front.ReadAsync();
        var clock = Stopwatch.StartNew();
        await JoinAsync(count);
        var joined = clock.Elapsed;
        var begin = await front.ReadAsync();
        var (sent, received) = (nodes.Sent, nodes.Received);
        clock.Restart();
        await Task.WhenAny([Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System), .. serving]);
        var measured = clock.Elapsed.TotalSeconds;
        (sent, received) = (nodes.Sent - sent, nodes.Received - received);
        var end = await front.ReadAsync();
        await stop.CancelAsync();
        await Task.WhenAll(serving);

        // The warm nodes cost processor time and messages as well, but no memory that is measured.
        var all = WarmNodes + count;
        Write($"{all} nodes, {WarmNodes} of them before the first reading; the others joined in {joined.TotalSeconds:F0} s; {measured:F0} s measured");
        Write($"| at the front | | for one node |");
        Write($"|---|---|---|");
        Write($"| resident memory, MiB, before and after | {before.ResidentBytes / Kibi / Kibi:F0}, {end.ResidentBytes / Kibi / Kibi:F0} | {(end.ResidentBytes - before.ResidentBytes) / Kibi / count:F1} KiB |");
        Write($"| managed heap after its latest collection, MiB | {before.HeapBytes / Kibi / Kibi:F0}, {end.HeapBytes / Kibi / Kibi:F0} | {(end.HeapBytes - before.HeapBytes) / Kibi / count:F1} KiB |");
        Write($"| processor time, % of a core | {100 * (end.Cpu - begin.Cpu).TotalSeconds / measured:F1} | {1e6 * (end.Cpu - begin.Cpu).TotalSeconds / measured / all:F0} µs each second |");
        Write($"| messages from and to nodes, 1/s | {sent / measured:F0}, {received / measured:F0} | {(sent + received) / measured / all:F2} |");
        Write($"| grain calls, 1/s | {(end.GrainCalls - begin.GrainCalls) / measured:F0} | {(end.GrainCalls - begin.GrainCalls) / measured / all:F2} |");
        Write($"| active miners, begin and end | {begin.Active}, {end.Active} | |");
        return begin.Active >= all && end.Active >= all ? 0 : 1;

        async Task JoinAsync(int more)
        {
            var joins = new ParallelOptions { MaxDegreeOfParallelism = JoinsAtOnce };
            await Parallel.ForAsync(0, more, joins, async (_, cancellationToken) =>
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                limit.CancelAfter(Patience);
                var node = await IdleNode.JoinAsync(nodes, limit.Token);
                lock (serving)
                {
                    serving.Add(ServeAsync(node, stop.Token));
                }
            });
            var since = Stopwatch.StartNew();
            while ((await front.ReadAsync()).Active < serving.Count && since.Elapsed < Patience)
            {
                var ended = await Task.WhenAny([Task.Delay(Pause, TimeProvider.System), .. serving.Where(static node => node.IsCompleted)]);
                await ended;
            }
        }
    }

    private static async Task ServeAsync(IdleNode node, CancellationToken cancellationToken)
    {
        using (node)
        {
            await node.ServeAsync(cancellationToken);
        }
    }

    private static async Task<IdleNodes> NodesAsync(Uri front, string model)
    {
        var library = LlamaLibrary.Load(new LlamaOptions(), NullLogger.Instance);
        using var vocabulary = Vocabulary.Load(library, model);
        return new IdleNodes(
            front,
            new Offer { Model = ModelId, Profile = (await ModelProfile.ReadAsync(model)).Id, ContextTokens = 512, Slots = 8, Backend = "bench" },
            [.. vocabulary.Encode(Answer, parseSpecial: false)]);
    }

    private static void Write(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>Files that a process may open; null for any number.</summary>
    private static long? FileLimit() =>
        File.ReadLines("/proc/self/limits").First(static line => line.StartsWith("Max open files", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[3] is var soft && soft == "unlimited" ? null : long.Parse(soft, CultureInfo.InvariantCulture);
}
