using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Orleans.Embedded.Bench.Local;

/// <summary>Runs <see cref="LocalBenchmarks"/>.</summary>
internal static class LocalBench
{
    /// <summary>Runs all, or what the options of BenchmarkDotNet say, such as <c>--filter *Stream*</c>.</summary>
    public static int Run(string[] options)
    {
        // In this process: the silo is made as it is in a program, and nothing is built anew for each benchmark.
        var job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(8);
        var config = DefaultConfig.Instance
            .AddJob(job)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumn(StatisticColumn.Median, StatisticColumn.Min, StatisticColumn.Max, StatisticColumn.OperationsPerSecond)
            .WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "results"));
        var summaries = BenchmarkSwitcher.FromTypes([typeof(LocalBenchmarks)])
            .Run(options.Length > 0 ? options : ["--filter", "*"], config);
        return summaries.Any(static summary => summary.HasCriticalValidationErrors) ? 1 : 0;
    }
}
